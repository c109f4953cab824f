import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import type { BarCoverage } from '../gaps/plan-bar-requests.ts'

export interface CoverageQuery {
  readonly symbols: readonly Ticker[]
  readonly windowStart: SessionDate
  readonly end: SessionDate
}

/** For each symbol with a close inside the window: where its closes start and end. */
export async function selectBarCoverage(
  db: Kysely<Tables>,
  query: CoverageQuery,
): Promise<ReadonlyMap<Ticker, BarCoverage>> {
  const { rows } = await sql<BarCoverage>`
    select s.symbol, f.date as first, l.dates[1] as last,
           l.dates[array_length(l.dates, 1)] as "thirdLast", later.date is not null as "hasLater"
    from unnest(${query.symbols}::text[]) as s (symbol)
    cross join lateral (
      select date from market_data_cache
      where symbol = s.symbol and date between ${query.windowStart} and ${query.end} and close is not null
      order by date limit 1
    ) f
    cross join lateral (
      select array_agg(date::text order by date desc) as dates
      from (
        select date from market_data_cache
        where symbol = s.symbol and date between ${query.windowStart} and ${query.end} and close is not null
        order by date desc limit 3
      ) newest
    ) l
    left join lateral (
      select date from market_data_cache
      where symbol = s.symbol and date > ${query.end} and close is not null
      limit 1
    ) later on true
  `.execute(db)
  return new Map(rows.map((row) => [row.symbol, row]))
}
