import type { Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'

/** A stored close, as traded. */
export interface StoredClose {
  readonly date: IsoDate
  readonly close: number
}

/** The stored closes of some symbols in `from`..`to`, oldest first; symbols without any are absent. */
export async function selectClosesBetween(
  db: Kysely<Tables>,
  symbols: readonly Ticker[],
  from: IsoDate,
  to: IsoDate,
): Promise<ReadonlyMap<Ticker, readonly StoredClose[]>> {
  const rows = await db
    .selectFrom('market_data_cache')
    .select(['symbol', 'date', 'close'])
    .where('symbol', 'in', [...symbols])
    .where('date', '>=', from)
    .where('date', '<=', to)
    .where('close', 'is not', null)
    .orderBy('symbol')
    .orderBy('date')
    .execute()
  const closes = new Map<Ticker, StoredClose[]>()
  for (const { symbol, date, close } of rows) {
    const ofSymbol = closes.get(symbol) ?? []
    ofSymbol.push({ date, close: Number(close) })
    closes.set(symbol, ofSymbol)
  }
  return closes
}
