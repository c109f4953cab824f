import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Breach, CheckReport, CheckScope } from '../check-report.ts'
import { findBreaches, PORTFOLIO } from './find-breaches.ts'
import { newestSnapshots } from './newest-snapshots.ts'
import { ofHalfTheRows } from './of-half-the-rows.ts'

/**
 * Portfolios that have not a row of `factor_exposures` for exactly those active factors of which one of
 * their open lots has a beta. Only portfolios whose newest snapshot is of the date: stored marks tell which
 * lots are open and have one.
 *
 * Each factor is a bit, so that a portfolio is compared as two numbers. A lot that is worth nothing may be
 * open or closed: a row that rests on it alone is right either way.
 */
export async function findExposureGaps(
  db: Kysely<Tables>,
  scope: CheckScope & { readonly date: SessionDate },
): Promise<CheckReport> {
  const { date } = scope
  const newest = newestSnapshots(scope)
  return findBreaches(db, {
    check: 'exposure_rows',
    checked: sql`select count(*) from (${newest}) as newest`,
    breaches: sql<Breach>`
      with newest as materialized (${newest}),
      factor as materialized (
        select id, name, 1::bigint << (row_number() over (order by display_order, id) - 1)::int as bit
        from factor_definitions where is_active
      ),
      known as materialized (
        select e.symbol, bit_or(d.bit) as mask
        from symbol_factor_exposures e join factor d on d.id = e.factor_id
        where e.calculation_date = ${date}
        group by e.symbol
      ),
      held as materialized (
        select p.portfolio_id, bit_or(k.mask) as may,
               bit_or(k.mask) filter (where p.market_value <> 0) as must
        from newest n
        join positions p on p.portfolio_id = n.id and ${ofHalfTheRows(sql`
          p.deleted_at is null and p.entry_date <= ${date}
            and p.price_status in ('current', 'stale')`)}
        join known k on k.symbol = case p.investment_class
          when 'PUBLIC' then p.symbol when 'OPTIONS' then p.underlying_symbol end
        where p.investment_class = 'PUBLIC' or (
          select g.delta_dollars from position_greeks g
          where g.position_id = p.id and g.calculation_date = ${date}) is not null
        group by p.portfolio_id
      ),
      stored as materialized (
        select n.id as portfolio_id, own.mask
        from newest n
        cross join lateral (
          select bit_or(d.bit) as mask
          from factor_exposures e join factor d on d.id = e.factor_id
          where e.portfolio_id = n.id and e.calculation_date = ${date}
        ) own
      )
      select ${PORTFOLIO}, ${date}::date as date, 'exposure to ' || d.name as what,
             case when d.bit & m.must <> 0 then 'a row' else 'no row: no lot has a beta' end as expected,
             case when d.bit & m.stored <> 0 then 'a row' else 'no row' end as actual
      from newest f
      left join held h on h.portfolio_id = f.id
      left join stored t on t.portfolio_id = f.id
      cross join lateral (
        select coalesce(h.must, 0) as must, coalesce(h.may, 0) as may, coalesce(t.mask, 0) as stored
      ) m
      join factor d on d.bit & ((m.must & (~m.stored)) | (m.stored & (~m.may))) <> 0
      order by f.name, f.id, d.bit
    `,
  })
}
