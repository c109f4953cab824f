import { sql, type Kysely } from 'kysely'
import { addDays, countSessions, previousSession } from '../../calendar/index.ts'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'

export interface StoredSplit {
  readonly date: IsoDate
  /** New shares per old share. */
  readonly ratio: number
}

/**
 * The stored splits of a symbol with an ex-date after a day; null when they are not all known, which is
 * when a close is missing between that day and the effective date, that of the last session excepted.
 */
export async function selectLaterSplits(
  db: Kysely<Tables>,
  symbol: Ticker,
  range: { readonly after: IsoDate; readonly effectiveDate: SessionDate },
): Promise<readonly StoredSplit[] | null> {
  const { after, effectiveDate } = range
  const { rows } = await sql<{ closes: number; splits: StoredSplit[] | null }>`
    select count(close) filter (where date < ${effectiveDate})::int as closes,
           json_agg(json_build_object('date', date, 'ratio', split_ratio) order by date)
             filter (where split_ratio <> 1) as splits
    from market_data_cache
    where symbol = ${symbol} and date > ${after}
  `.execute(db)
  const needed = countSessions(addDays(after, 1), previousSession(effectiveDate))
  return (rows[0]?.closes ?? 0) < needed ? null : (rows[0]?.splits ?? [])
}
