import { sql, type Kysely } from 'kysely'
import { sessionsBack } from '../../calendar/index.ts'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Breach, CheckReport, CheckScope } from '../check-report.ts'
import { findBreaches, PORTFOLIO } from './find-breaches.ts'
import { newestSnapshots } from './newest-snapshots.ts'
import { ofHalfTheRows } from './of-half-the-rows.ts'

/** Returns with which a lot has a volatility for certain, when there is one on each session. */
const RETURNS = 63

/**
 * Lots of shares without a row of `position_volatility` although their symbol has a close on each of the
 * last 64 sessions: nothing could be the reason. Only portfolios whose newest snapshot is of the date, and
 * which miss no mark.
 */
export async function findVolatilityGaps(
  db: Kysely<Tables>,
  scope: CheckScope & { readonly date: SessionDate },
): Promise<CheckReport> {
  const { date } = scope
  const lots = sql`
    from (${newestSnapshots(scope)}) f
    join positions p on p.portfolio_id = f.id and ${ofHalfTheRows(sql`
      p.deleted_at is null and p.entry_date <= ${date}
        and p.investment_class = 'PUBLIC' and p.market_value <> 0`)}
    where ${ofHalfTheRows(sql`f.positions_missing = 0`)}
  `
  return findBreaches(db, {
    check: 'volatility_rows',
    checked: sql`select count(*) ${lots}`,
    breaches: sql<Breach>`
      with known as materialized (
        select symbol from market_data_cache
        where date between ${sessionsBack(date, RETURNS)} and ${date} and close is not null
        group by symbol having count(*) = ${RETURNS + 1}
      )
      select ${PORTFOLIO}, ${date}::date as date, p.symbol || ' lot ' || p.id as what,
             'a volatility' as expected, null as actual
      ${lots}
        and ${ofHalfTheRows(sql`p.symbol in (select symbol from known)`)}
        and (
          select v.position_id from position_volatility v
          where v.position_id = p.id and v.calculation_date = ${date}) is null
      order by f.name, f.id, p.symbol, p.id
    `,
  })
}
