import type { Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'

/** All symbols that have a close on the session. */
export async function selectSymbolsPricedOn(
  db: Kysely<Tables>,
  date: SessionDate,
): Promise<ReadonlySet<Ticker>> {
  const rows = await db
    .selectFrom('market_data_cache')
    .select('symbol')
    .where('date', '=', date)
    .where('close', 'is not', null)
    .execute()
  return new Set(rows.map((row) => row.symbol))
}
