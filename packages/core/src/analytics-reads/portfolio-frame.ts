import type { AnalyticReason } from '../analytics/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { VolatilityTrend } from '../volatility/index.ts'
import type { Ticker } from '../symbols/index.ts'
import type { Found } from './envelope.ts'

/** A complete snapshot with its analytics; money in dollars. */
export interface FrameSnapshot {
  readonly snapshot_date: SessionDate
  readonly equity_balance: number
  readonly net_asset_value: number
  readonly cash_value: number
  readonly long_value: number
  readonly short_value: number
  readonly gross_exposure: number
  readonly net_exposure: number
  readonly daily_pnl: number
  readonly daily_return: number | null
  readonly cumulative_pnl: number
  readonly unrealized_pnl: number
  readonly daily_realized_pnl: number
  readonly cumulative_realized_pnl: number
  readonly daily_dividends: number
  readonly cumulative_dividends: number
  readonly daily_capital_flow: number
  readonly cumulative_capital_flow: number
  readonly num_positions: number
  readonly num_long_positions: number
  readonly num_short_positions: number
  readonly positions_stale: number
  readonly positions_missing: number
  readonly portfolio_delta: number | null
  readonly portfolio_gamma: number | null
  readonly portfolio_theta: number | null
  readonly portfolio_vega: number | null
  readonly realized_volatility_21d: number | null
  readonly realized_volatility_63d: number | null
  readonly expected_volatility_21d: number | null
  readonly volatility_trend: VolatilityTrend | null
  readonly volatility_percentile: number | null
  readonly beta_calculated_90d: number | null
  readonly beta_calculated_90d_r_squared: number | null
  readonly beta_calculated_90d_observations: number | null
  readonly beta_provider_1y: number | null
  readonly sector_exposure: Readonly<Record<string, number | null>> | null
  readonly hhi: number | null
  readonly effective_num_positions: number | null
  readonly top_3_concentration: number | null
  readonly top_10_concentration: number | null
  readonly is_partial: boolean
}

/** An open lot. */
export interface FrameLot {
  readonly id: string
  readonly symbol: Ticker
  readonly position_type: string
  readonly investment_class: 'PUBLIC' | 'OPTIONS' | 'PRIVATE'
  readonly underlying_symbol: Ticker | null
  readonly price_status: 'current' | 'stale' | 'missing' | 'manual' | null
  /** Dollars, signed; null before a snapshot first valued the lot. */
  readonly market_value: number | null
}

/** Coverage of the factors of a calculation method on a session. */
export interface FrameCoverage {
  readonly date: SessionDate
  readonly method: string
  readonly coverage_pct: number | null
}

/** Why figures of a session are missing, by figure. */
export interface FrameReasons {
  readonly date: SessionDate
  readonly reasons: Readonly<Record<string, AnalyticReason>>
}

export interface FrameParts {
  readonly portfolioId: string
  /** The newest ones, newest first. */
  readonly snapshots: readonly FrameSnapshot[]
  readonly lots: readonly FrameLot[]
  readonly coverage: readonly FrameCoverage[]
  readonly reasons: readonly FrameReasons[]
}

/**
 * What all answers about a portfolio rest on: its last two complete snapshots and what is said about them. Two,
 * because a run stores a session's snapshot first and its analytics after: until they are there, an answer
 * gives the session before, and says so.
 */
export class PortfolioFrame {
  readonly portfolioId: string
  readonly snapshots: readonly FrameSnapshot[]
  readonly lots: readonly FrameLot[]
  readonly #coverage: readonly FrameCoverage[]
  readonly #reasons: readonly FrameReasons[]

  constructor({ portfolioId, snapshots, lots, coverage, reasons }: FrameParts) {
    this.portfolioId = portfolioId
    this.snapshots = snapshots
    this.lots = lots
    this.#coverage = coverage
    this.#reasons = reasons
  }

  get dates(): readonly SessionDate[] {
    return this.snapshots.map(({ snapshot_date }) => snapshot_date)
  }

  snapshotOn(date: SessionDate): FrameSnapshot | null {
    return this.snapshots.find(({ snapshot_date }) => snapshot_date === date) ?? null
  }

  coverageOn(date: SessionDate, method: string): number | null {
    const row = this.#coverage.find((each) => each.date === date && each.method === method)
    return row?.coverage_pct ?? null
  }

  reasonsOn(date: SessionDate): Readonly<Record<string, AnalyticReason>> {
    const own = this.#reasons.filter((each) => each.date === date)
    return Object.assign({}, ...own.map(({ reasons }) => reasons)) as Record<string, AnalyticReason>
  }

  /** 0 to 100 of the market values without signs; null while a lot has not been valued yet. */
  privatePct(): number | null {
    let [owned, all] = [0, 0]
    for (const { investment_class: kind, market_value: value } of this.lots) {
      if (value === null) return null
      all += Math.abs(value)
      if (kind === 'PRIVATE') owned += Math.abs(value)
    }
    return all === 0 ? null : (100 * owned) / all
  }

  /**
   * The figures of the newest session that has them, unless a newer one says why it has none.
   *
   * @param figure what the reason is recorded under
   * @param pick null = the session does not have them
   */
  find<Value>(
    figure: string,
    pick: (snapshot: FrameSnapshot) => Value | null | undefined,
  ): Found<Value> {
    for (const snapshot of this.snapshots) {
      const date = snapshot.snapshot_date
      const value = pick(snapshot)
      if (value !== null && value !== undefined) return { date, value }
      const reason = this.reasonsOn(date)[figure]
      if (reason !== undefined) return { date, reason }
    }
    const [newest] = this.dates
    return newest === undefined
      ? { date: null, reason: 'no_snapshot' }
      : { date: newest, reason: 'not_calculated' }
  }
}
