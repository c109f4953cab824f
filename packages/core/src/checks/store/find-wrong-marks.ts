import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Breach, CheckReport, CheckScope } from '../check-report.ts'
import { newestSnapshots } from './newest-snapshots.ts'
import { ofHalfTheRows } from './of-half-the-rows.ts'

/**
 * Recomputes NAV and marks in one statement for the portfolios whose newest snapshot is of the date, which
 * is what stored marks are of:
 *
 * - `nav_from_marks`: NAV is Σ open quantity × mark × multiplier plus cash, to the cent
 * - `lot_marks`: each lot's market value is its open quantity × mark within half a cent; a current mark is
 *   the session's close, and no later close exists of one that is older
 *
 * A mark that is not a close as traded (restated by splits, a manual value per share) is stored with six
 * decimals, which a large lot magnifies; its tolerance grows with the quantity.
 */
export async function findWrongMarks(
  db: Kysely<Tables>,
  scope: CheckScope & { readonly date: SessionDate },
): Promise<readonly CheckReport[]> {
  const { date } = scope
  const { rows } = await sql<Breach & { check: string; portfolios: number; lots: number }>`
    with ${judgedLots(scope)},
    navs as (
      select portfolio_id, sum(worth) as worth, sum(blur) as blur from judged group by portfolio_id
    ),
    found as (
      select 'nav_from_marks' as "check", n.id, n.name, 'net_asset_value' as what,
             round(coalesce(v.worth, 0) + n.cash_value, 2)::text as expected,
             n.net_asset_value::text as actual
      from newest n left join navs v on v.portfolio_id = n.id
      where (abs(coalesce(v.worth, 0) + n.cash_value - n.net_asset_value)
             <= 0.005 + coalesce(v.blur, 0)) is not true
      union all
      select 'lot_marks', j.portfolio_id, j.name, j.symbol || ' lot ' || j.id,
             round(j.open * coalesce(j.close, j.last_price) * j.multiplier, 2) || ' at '
               || coalesce(j.close, j.last_price)
               || coalesce(', but there is a close of ' || j.newer_close, ''),
             coalesce(j.market_value::text, '-') || ' at ' || coalesce(j.last_price::text, '-')
               || ' of ' || coalesce(j.last_price_date::text, '-')
               || ' (' || coalesce(j.price_status, '-') || ')'
      from judged j
      where (abs(j.worth - j.market_value) <= 0.005 + j.blur) is not true
         or j.price_status is null
         or j.close <> j.last_price
         or j.newer_close is not null
         or j.price_status = 'current' and j.last_price_date is distinct from ${date}::date
    )
    select found."check", found.id as "portfolioId", found.name as portfolio,
           ${date}::date as date, found.what, found.expected, found.actual,
           totals.portfolios, totals.lots
    from (select count(*)::int as portfolios, (select count(*) from lots)::int as lots from newest) totals
    left join found on true
    order by found.name, found.id, found."check", found.what
  `.execute(db)
  return reportsOf(rows)
}

type Row = Breach & { readonly check: string; readonly portfolios: number; readonly lots: number }

function reportsOf(rows: readonly Row[]): readonly CheckReport[] {
  const breachesOf = (name: string): readonly Breach[] =>
    rows
      .filter(({ check }) => check === name)
      .map(({ check: _, portfolios: __, lots: ___, ...breach }) => breach)
  return [
    {
      check: 'nav_from_marks',
      checked: rows[0]?.portfolios ?? 0,
      breaches: breachesOf('nav_from_marks'),
    },
    { check: 'lot_marks', checked: rows[0]?.lots ?? 0, breaches: breachesOf('lot_marks') },
  ]
}

/** Common table expressions: the snapshots that marks are of, and their lots with what they should be worth. */
function judgedLots(scope: CheckScope & { readonly date: SessionDate }): RawBuilder<unknown> {
  const { date } = scope
  return sql`
    newest as materialized (${newestSnapshots(scope)}),
    split as materialized (
      select symbol, max(date) as last from market_data_cache
      where split_ratio <> 1 and (dividend <> 0 or split_ratio <> 1) and date <= ${date}
      group by symbol
    ),
    closed as materialized (
      select distinct position_id from position_realized_events where trade_date <= ${date}
    ),
    lots as materialized (
      select n.id as portfolio_id, n.name, p.id, p.symbol, p.investment_class, p.price_status,
             p.last_price, p.last_price_date, p.market_value,
             case when p.investment_class = 'OPTIONS' then 100 else 1 end as multiplier,
             case when p.id in (select position_id from closed) or x.symbol is not null
                       or p.quantity_basis_date > ${date}
                  then position_open_quantity(p.id, ${date}) else p.quantity end as open,
             x.symbol is not null as has_split
      from newest n
      join positions p on p.portfolio_id = n.id
        and ${ofHalfTheRows(sql`p.deleted_at is null and p.entry_date <= ${date}`)}
      left join split x on x.symbol = coalesce(p.underlying_symbol, p.symbol)
        and x.last > p.quantity_basis_date
    ),
    judged as materialized (
      select l.*, l.open * l.last_price * l.multiplier as worth,
             case when l.price_status = 'current' and not l.has_split then 0
                  else 0.0000005 * l.multiplier * (abs(l.open) + abs(l.last_price)) end as blur,
             case when l.price_status = 'current' and l.investment_class <> 'PRIVATE'
                       and not (l.has_split and l.investment_class = 'OPTIONS') then (
               select m.close from market_data_cache m where m.symbol = l.symbol and m.date = ${date}
             ) end as close,
             case when l.price_status in ('stale', 'missing') and l.investment_class = 'PUBLIC' then (
               select max(newer.date) from market_data_cache newer
               where newer.symbol = l.symbol and newer.close is not null and newer.date <= ${date}
                 and newer.date > coalesce(l.last_price_date, '-infinity')
             ) end as newer_close
      from lots l
    )
  `
}
