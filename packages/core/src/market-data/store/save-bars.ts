import { sql } from 'kysely'
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
      { name: 'symbol', type: 'text' },
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
  const restatements = await findRestatements(tx)
  const counts = await upsertStaged(tx, fetchedAt)
  return { ...counts, restatements }
}

function* stagedValues(rows: readonly BarRow[]): Iterable<readonly (string | number | null)[]> {
  for (const { symbol, provider, bar } of rows) {
    const { date, open, high, low, close, volume, dividend, splitRatio } = bar
    yield [symbol, date, open, high, low, close, volume, dividend, splitRatio, provider]
  }
}

async function findRestatements(tx: Transaction): Promise<readonly Restatement[]> {
  const { rows } = await sql<Restatement>`
    select s.symbol, s.date, f.field, f.old::text as old, f.new::text as new
    from ${sql.table(STAGE)} s
    join market_data_cache t on t.symbol = s.symbol and t.date = s.date
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

async function upsertStaged(tx: Transaction, fetchedAt: Date) {
  const { rows } = await sql<{ inserted: number; written: number }>`
    with merged as (
      select s.symbol, s.date, t.symbol is null as is_new,
             coalesce(s.open, t.open) as open,
             coalesce(s.high, t.high) as high,
             coalesce(s.low, t.low) as low,
             coalesce(s.close, t.close) as close,
             coalesce(s.volume, t.volume) as volume,
             coalesce(s.dividend, t.dividend, 0) as dividend,
             coalesce(s.split_ratio, t.split_ratio, 1) as split_ratio,
             s.data_source
      from ${sql.table(STAGE)} s
      left join market_data_cache t on t.symbol = s.symbol and t.date = s.date
    ),
    written as (
      insert into market_data_cache as t
        (symbol, date, open, high, low, close, volume, dividend, split_ratio, data_source, fetched_at)
      select symbol, date, open, high, low, close, volume, dividend, split_ratio, data_source, ${fetchedAt}
      from merged
      order by symbol, date
      on conflict (symbol, date) do update
      set open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
          volume = excluded.volume, dividend = excluded.dividend, split_ratio = excluded.split_ratio,
          data_source = excluded.data_source, fetched_at = excluded.fetched_at,
          restated_at = case
            when t.close is not null
              and (t.close, t.dividend, t.split_ratio)
                  is distinct from (excluded.close, excluded.dividend, excluded.split_ratio)
            then excluded.fetched_at else t.restated_at end
      where (t.open, t.high, t.low, t.close, t.volume, t.dividend, t.split_ratio)
        is distinct from (excluded.open, excluded.high, excluded.low, excluded.close,
                          excluded.volume, excluded.dividend, excluded.split_ratio)
      returning 1
    )
    select (select count(*) from written)::int as written,
           (select count(*) from merged where is_new)::int as inserted
  `.execute(tx.db)
  const { written, inserted } = rows[0] ?? { written: 0, inserted: 0 }
  return { inserted, updated: written - inserted }
}
