import { sql, type RawBuilder } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import { stageRows, type Transaction } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import type { AcceptedBar } from '../bar.ts'

/** A bar with its symbol and the provider that served it. */
export interface BarRow {
  readonly symbol: Ticker
  readonly provider: string
  readonly bar: AcceptedBar
}

/** A stored value that a provider now tells differently. */
export interface Restatement {
  readonly symbol: Ticker
  readonly date: IsoDate
  readonly field: 'close' | 'dividend' | 'split_ratio'
  readonly old: string
  readonly new: string
}

export interface SavedBars {
  readonly inserted: number
  readonly updated: number
  readonly restatements: readonly Restatement[]
}

const STAGE = 'bars_stage'

/**
 * Stores bars, one row per symbol and date, in the caller's transaction. What a bar does not say
 * never overwrites what is stored; a row that says the same again is not written.
 *
 * @param fetchedAt when the provider answered
 */
export async function saveBars(
  tx: Transaction,
  rows: readonly BarRow[],
  fetchedAt: Date,
): Promise<SavedBars> {
  if (rows.length === 0) return { inserted: 0, updated: 0, restatements: [] }
  await stageRows(tx, {
    name: STAGE,
    columns: [
      { name: 'symbol', type: 'varchar(32) collate "C"' },
      { name: 'date', type: 'date' },
      { name: 'open', type: 'numeric(18,6)' },
      { name: 'high', type: 'numeric(18,6)' },
      { name: 'low', type: 'numeric(18,6)' },
      { name: 'close', type: 'numeric(18,6)' },
      { name: 'volume', type: 'bigint' },
      { name: 'dividend', type: 'numeric(18,6)' },
      { name: 'split_ratio', type: 'numeric(20,10)' },
      { name: 'data_source', type: 'text' },
    ],
    rows: stagedValues(rows),
  })
  const span = spanOf(rows)
  const restatements = await findRestatements(tx, span)
  const updated = await updateStored(tx, span, fetchedAt)
  const inserted = await insertNew(tx, span, fetchedAt)
  return { inserted, updated, restatements }
}

/**
 * What part of the table the rows can meet: their symbols, their first and last date. A join with
 * these bounds reads that part; without them it reads every year there is, the more the fuller.
 */
interface Span {
  readonly symbols: readonly Ticker[]
  readonly from: IsoDate
  readonly to: IsoDate
}

function spanOf(rows: readonly BarRow[]): Span {
  let from = rows[0]?.bar.date ?? ('' as IsoDate)
  let to = from
  for (const { bar } of rows) {
    if (bar.date < from) from = bar.date
    if (bar.date > to) to = bar.date
  }
  return { symbols: [...new Set(rows.map(({ symbol }) => symbol))], from, to }
}

function within({ symbols, from, to }: Span): RawBuilder<boolean> {
  return sql`t.symbol = any(${symbols}::text[]) and t.date between ${from} and ${to}`
}

function* stagedValues(rows: readonly BarRow[]): Iterable<readonly (string | number | null)[]> {
  for (const { symbol, provider, bar } of rows) {
    const { date, open, high, low, close, volume, dividend, splitRatio } = bar
    yield [symbol, date, open, high, low, close, volume, dividend, splitRatio, provider]
  }
}

async function findRestatements(tx: Transaction, span: Span): Promise<readonly Restatement[]> {
  const { rows } = await sql<Restatement>`
    select s.symbol, s.date, f.field, f.old::text as old, f.new::text as new
    from ${sql.table(STAGE)} s
    join market_data_cache t
      on t.symbol = s.symbol and t.date = s.date and ${within(span)}
    cross join lateral (values
      ('close', t.close, s.close),
      ('dividend', t.dividend, s.dividend),
      ('split_ratio', t.split_ratio, s.split_ratio)
    ) as f (field, old, new)
    where f.old is not null and f.new is not null and f.old <> f.new
    order by s.symbol, s.date, f.field
  `.execute(tx.db)
  return rows
}

/**
 * Brings rows that are stored already up to what the stage says of them. `fetched_at` is when the close and
 * the events became what they are: a volume counted anew changes nothing that is computed.
 */
async function updateStored(tx: Transaction, span: Span, fetchedAt: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    update market_data_cache t
    set open = coalesce(s.open, t.open), high = coalesce(s.high, t.high),
        low = coalesce(s.low, t.low), close = coalesce(s.close, t.close),
        volume = coalesce(s.volume, t.volume), dividend = coalesce(s.dividend, t.dividend),
        split_ratio = coalesce(s.split_ratio, t.split_ratio),
        data_source = s.data_source,
        fetched_at = case
          when (t.close, t.dividend, t.split_ratio) is distinct from
            (coalesce(s.close, t.close), coalesce(s.dividend, t.dividend), coalesce(s.split_ratio, t.split_ratio))
          then ${fetchedAt} else t.fetched_at end,
        restated_at = case
          when t.close is not null and (t.close, t.dividend, t.split_ratio) is distinct from
            (coalesce(s.close, t.close), coalesce(s.dividend, t.dividend), coalesce(s.split_ratio, t.split_ratio))
          then ${fetchedAt} else t.restated_at end
    from ${sql.table(STAGE)} s
    where t.symbol = s.symbol and t.date = s.date and ${within(span)}
      and (t.open, t.high, t.low, t.close, t.volume, t.dividend, t.split_ratio) is distinct from
          (coalesce(s.open, t.open), coalesce(s.high, t.high), coalesce(s.low, t.low),
           coalesce(s.close, t.close), coalesce(s.volume, t.volume),
           coalesce(s.dividend, t.dividend), coalesce(s.split_ratio, t.split_ratio))
  `.execute(tx.db)
  return Number(numAffectedRows ?? 0)
}

/**
 * Adds what is not stored yet. A row that somebody else adds meanwhile is his: it says the same. Ids
 * are made of the key, at a third of the cost of random ones.
 */
async function insertNew(tx: Transaction, span: Span, fetchedAt: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into market_data_cache
      (id, symbol, date, open, high, low, close, volume, dividend, split_ratio, data_source, fetched_at)
    select md5(s.symbol || s.date)::uuid, s.symbol, s.date, s.open, s.high, s.low, s.close, s.volume,
           coalesce(s.dividend, 0), coalesce(s.split_ratio, 1), s.data_source, ${fetchedAt}
    from ${sql.table(STAGE)} s
    where not exists (
      select from market_data_cache t
      where t.symbol = s.symbol and t.date = s.date and ${within(span)}
    )
    order by s.symbol, s.date
    on conflict (symbol, date) do nothing
  `.execute(tx.db)
  return Number(numAffectedRows ?? 0)
}
