import { sql, type RawBuilder } from 'kysely'
import { sessionOnOrAfter, sessionsBack } from '../calendar/index.ts'
import type { IsoDate } from '../calendar/iso-date.ts'
import { PATIENCE_SESSIONS } from '../pnl/index.ts'

/** Whose derived rows of which dates are meant. */
export interface DerivedScope {
  /** First and last date, both included. */
  readonly start: IsoDate
  readonly end: IsoDate
  /** Active portfolios only: nobody would compute the others' rows again. */
  readonly portfolioIds: readonly string[]
  /** Those of them that have a snapshot in the range: snapshots write on portfolios and lots, too. */
  readonly ownerIds: readonly string[]
  /** Whether these are all active portfolios, and not one of them. */
  readonly isEverybody: boolean
}

type Condition = RawBuilder<unknown>

/**
 * What portfolio-refresh writes and can write again: table → the rows of a scope. Sessions are tracked
 * for all portfolios together, so a row of that goes only with everybody's.
 */
export const DERIVED_ROWS: Readonly<Record<string, (scope: DerivedScope) => Condition>> = {
  portfolio_snapshots: ofPortfolio('snapshot_date'),
  factor_exposures: ofPortfolio('calculation_date'),
  position_greeks: ofPosition,
  position_volatility: ofPosition,
  correlation_calculations: ofPortfolio('calculation_date'),
  stress_test_results: ofPortfolio('calculation_date'),
  daily_metrics: ({ portfolioIds, ...range }) => sql`
    ${between('metric_date', range)}
    and (metric_type = 'pnl_explain' or metric_type like '%\\_unavailable')
    and dimensions ->> 'portfolio_id' = any(${portfolioIds}::text[])`,
  position_realized_events: expiries,
  batch_run_tracking: ({ isEverybody, ...range }) => sql`
    ${isEverybody} and batch_type = 'portfolio_refresh' and ${between('batch_date', range)}`,
}

/**
 * The expiry events that the snapshots of a scope have entered, of lots that would get them again. An
 * event bears the date of the expiry, which a snapshot may have waited for with patience.
 */
export function expiries({ start, end, ownerIds }: DerivedScope): Condition {
  const earliest = sessionsBack(sessionOnOrAfter(start), PATIENCE_SESSIONS)
  return sql`
    reason = 'expiry' and ${between('trade_date', { start: earliest, end })} and position_id in (
      select id from positions
      where deleted_at is null and portfolio_id = any(${ownerIds}::uuid[]))`
}

function ofPortfolio(dateColumn: string): (scope: DerivedScope) => Condition {
  return ({ portfolioIds, ...range }) => sql`
    portfolio_id = any(${portfolioIds}::uuid[]) and ${between(dateColumn, range)}`
}

function ofPosition({ portfolioIds, ...range }: DerivedScope): Condition {
  return sql`
    ${between('calculation_date', range)} and position_id in (
      select id from positions where portfolio_id = any(${portfolioIds}::uuid[]))`
}

function between(column: string, { start, end }: Pick<DerivedScope, 'start' | 'end'>): Condition {
  return sql`${sql.ref(column)} between ${start}::date and ${end}::date`
}
