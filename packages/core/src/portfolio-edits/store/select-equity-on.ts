import { sql } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Transaction } from '../../database/index.ts'
import { parseCents, type Cents } from '../../pnl/index.ts'
import type { EditedPortfolio } from '../edited-portfolio.ts'

/**
 * What a portfolio is worth on a date: the equity of its latest snapshot by then (without one: what was
 * typed), plus the flows since, all as if one flow were not there.
 */
export async function selectEquityOn(
  { db }: Transaction,
  { portfolioId, initialEquity, equityAsOf }: EditedPortfolio,
  { date, without }: { readonly date: IsoDate; readonly without: string | null },
): Promise<Cents> {
  const { rows } = await sql<{ equity: string }>`
    with base as (
      (select equity_balance, snapshot_date, true as has_flows from portfolio_snapshots
       where portfolio_id = ${portfolioId} and snapshot_date <= ${date} and equity_balance is not null
       order by snapshot_date desc limit 1)
      union all
      (select ${initialEquity}::numeric, coalesce(${equityAsOf}::date, '-infinity'), false)
      order by has_flows desc limit 1
    ),
    flows as (
      select id, change_date, case change_type when 'WITHDRAWAL' then -amount else amount end as amount
      from equity_changes where portfolio_id = ${portfolioId} and deleted_at is null
    )
    select base.equity_balance
           + coalesce((select sum(amount) from flows
                       where change_date > base.snapshot_date and change_date <= ${date}
                         and id is distinct from ${without}::uuid), 0)
           - coalesce((select sum(amount) from flows
                       where base.has_flows and change_date <= base.snapshot_date
                         and change_date > (select min(snapshot_date) from portfolio_snapshots
                                            where portfolio_id = ${portfolioId})
                         and id = ${without}::uuid), 0) as equity
    from base
  `.execute(db)
  return parseCents(rows[0]?.equity ?? '0')
}
