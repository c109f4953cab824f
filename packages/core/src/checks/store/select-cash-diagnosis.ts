import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** Where a portfolio's equity is, in dollars as exact decimals; null = not stored. */
export interface CashDiagnosis {
  readonly portfolioId: string
  readonly portfolio: string
  /** Of the newest complete snapshot. */
  readonly date: IsoDate | null
  /** `portfolios.equity_balance`. */
  readonly equity: string
  readonly nav: string | null
  /** Of the lots, as stored with them. */
  readonly sumOfMarks: string
  readonly cash: string | null
  /** Equity less the sum of marks. */
  readonly derivedCash: string
  readonly equityLessNav: string | null
  readonly cashLessDerived: string | null
  /** A difference of more than one dollar, or a figure that the snapshot lacks. */
  readonly isFlagged: boolean
}

/** Compares equity, NAV, marks and cash of every portfolio that is not deleted; sorted by name. */
export async function selectCashDiagnosis(db: Kysely<Tables>): Promise<readonly CashDiagnosis[]> {
  const { rows } = await sql<CashDiagnosis>`
    with sums as (
      select f.id, f.name, f.equity_balance, s.snapshot_date, s.net_asset_value, s.cash_value,
             coalesce(marks.total, 0.00) as total
      from portfolios f
      left join lateral (
        select snapshot_date, net_asset_value, cash_value from portfolio_snapshots
        where portfolio_id = f.id and is_complete
        order by snapshot_date desc limit 1
      ) s on true
      left join (
        select portfolio_id, sum(market_value) as total from positions
        where deleted_at is null and price_status is not null
        group by portfolio_id
      ) marks on marks.portfolio_id = f.id
      where f.deleted_at is null
    )
    select id as "portfolioId", name as portfolio, snapshot_date as date, equity_balance as equity,
           net_asset_value as nav, total as "sumOfMarks", cash_value as cash,
           equity_balance - total as "derivedCash",
           equity_balance - net_asset_value as "equityLessNav",
           cash_value - (equity_balance - total) as "cashLessDerived",
           snapshot_date is not null
             and (abs(equity_balance - net_asset_value) <= 1
                  and abs(cash_value - (equity_balance - total)) <= 1) is not true as "isFlagged"
    from sums
    order by name, id
  `.execute(db)
  return rows
}
