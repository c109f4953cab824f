import { sql, type Kysely } from 'kysely'
import { sessionIndex, sessionsBetween } from '../../calendar/index.ts'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import type { PanelEvent, PricePanel } from '../panel.ts'
import { splitRatioFromDecimal } from '../split-ratio.ts'

export interface PanelQuery {
  readonly symbols: readonly Ticker[]
  readonly from: SessionDate
  readonly to: SessionDate
}

/** Symbols per statement: bounds the size of one answer (about 4 MB at 400 sessions). */
const SYMBOLS_PER_STATEMENT = 1000

/**
 * Reads the closes and events of many symbols over the sessions `from`..`to` in one pass. Each
 * symbol comes back as two binary strings, its day numbers and its closes, which cost a fraction of
 * what as many rows would.
 *
 * Missing data: a session without a close is NaN. Symbols keep the order they were asked in.
 */
export async function loadPricePanel(db: Kysely<Tables>, query: PanelQuery): Promise<PricePanel> {
  const sessions = sessionsBetween(query.from, query.to)
  const width = sessions.length
  const close = new Float64Array(query.symbols.length * width).fill(NaN)
  const rowOf = new Map(query.symbols.map((symbol, row) => [symbol, row]))
  const columnOf = columnsByDayNumber(sessions)
  for (let start = 0; start < query.symbols.length; start += SYMBOLS_PER_STATEMENT) {
    const part = query.symbols.slice(start, start + SYMBOLS_PER_STATEMENT)
    for (const packed of await selectPackedCloses(db, { ...query, symbols: part })) {
      const row = rowOf.get(packed.symbol)
      if (row !== undefined)
        unpackCloses(packed, close.subarray(row * width, (row + 1) * width), columnOf)
    }
  }
  const events = await selectEvents(db, query, rowOf)
  return { sessions, symbols: query.symbols, close, events }
}

interface PackedCloses {
  readonly symbol: Ticker
  /** Days since 2000-01-01 as big-endian int4, ascending. */
  readonly days: Buffer
  /** Closes as big-endian float8, in the same order. */
  readonly closes: Buffer
}

async function selectPackedCloses(
  db: Kysely<Tables>,
  query: PanelQuery,
): Promise<readonly PackedCloses[]> {
  const { rows } = await sql<PackedCloses>`
    select symbol,
           string_agg(int4send(date - date '2000-01-01'), ''::bytea order by date) as days,
           string_agg(float8send(close::float8), ''::bytea order by date) as closes
    from market_data_cache
    where symbol = any(${query.symbols}::text[])
      and date between ${query.from} and ${query.to}
      and close is not null
    group by symbol
  `.execute(db)
  return rows
}

function unpackCloses(
  packed: PackedCloses,
  into: Float64Array,
  columnOf: ReadonlyMap<number, number>,
): void {
  const count = packed.days.length / 4
  for (let i = 0; i < count; i++) {
    const column = columnOf.get(packed.days.readInt32BE(i * 4))
    if (column !== undefined) into[column] = packed.closes.readDoubleBE(i * 8)
  }
}

const MS_PER_DAY = 86_400_000
const DAY_ZERO = Date.UTC(2000, 0, 1)

function columnsByDayNumber(sessions: readonly SessionDate[]): ReadonlyMap<number, number> {
  return new Map(
    sessions.map((session, column) => [(Date.parse(session) - DAY_ZERO) / MS_PER_DAY, column]),
  )
}

async function selectEvents(
  db: Kysely<Tables>,
  query: PanelQuery,
  rowOf: ReadonlyMap<Ticker, number>,
): Promise<readonly PanelEvent[]> {
  const rows = await db
    .selectFrom('market_data_cache')
    .select(['symbol', 'date', 'dividend', 'split_ratio'])
    .where(sql<boolean>`symbol = any(${query.symbols}::text[])`)
    .where('date', '>=', query.from)
    .where('date', '<=', query.to)
    .where((row) => row.or([row('dividend', '<>', '0'), row('split_ratio', '<>', '1')]))
    .execute()
  const first = sessionIndex(query.from)
  return rows
    .map((row) => ({
      symbolIndex: rowOf.get(row.symbol) ?? -1,
      sessionIndex: sessionIndex(row.date as SessionDate) - first,
      dividend: Number(row.dividend),
      splitRatio: splitRatioFromDecimal(row.split_ratio),
    }))
    .sort((a, b) => a.symbolIndex - b.symbolIndex || a.sessionIndex - b.sessionIndex)
}
