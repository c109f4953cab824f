import type { AnalyticReason } from '../analytics/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { PortfolioFrame } from './portfolio-frame.ts'

/**
 * Why an answer has no figures: what the calculation said, or that there has been none. `no_snapshot`: the
 * portfolio has no complete snapshot yet. `not_calculated`: it has, but this figure has not been computed.
 */
export type MissingReason = AnalyticReason | 'no_snapshot' | 'not_calculated'

/** How far the figures can be trusted. */
export interface DataQuality {
  /** 0 to 100: how much of the market value of PUBLIC and OPTIONS lots the figures know; null when unknown. */
  readonly coverage_pct: number | null
  /** Lots whose last price is one to five sessions old. */
  readonly stale_positions: number
  /** Lots whose last price is older, or that have none. */
  readonly missing_positions: number
  /** 0 to 100: PRIVATE lots' share of the market values without signs; null when nothing is worth anything. */
  readonly private_allocation_pct: number | null
  /** `limited` when a price is missing or coverage below 99 %; `none` without figures. */
  readonly quality_flag: 'full' | 'limited' | 'none'
}

/** What every analytic answers. Exactly one of `reason` and `data` is there. */
export interface AnalyticAnswer<Data> {
  readonly portfolio_id: string
  /** The session whose prices the answer rests on; null without any. */
  readonly calculation_date: SessionDate | null
  readonly available: boolean
  readonly reason?: MissingReason
  readonly data: Data | null
  readonly data_quality: DataQuality
}

/** Figures of a session, or why there are none. */
export type Found<Value> =
  | { readonly date: SessionDate; readonly value: Value }
  | { readonly date: SessionDate | null; readonly reason: MissingReason }

const FULL_COVERAGE_PCT = 99

/**
 * Puts an answer together.
 *
 * @param dataOf the figures as they are answered; not called when there are none
 * @param coverage how much the figures know, where that is another share than the market factor's
 */
export function answerOf<Value, Data>(
  frame: PortfolioFrame,
  found: Found<Value>,
  dataOf: (value: Value, date: SessionDate) => Data,
  coverage?: (value: Value) => number | null,
): AnalyticAnswer<Data> {
  const { portfolioId } = frame
  if (!('value' in found)) {
    return {
      portfolio_id: portfolioId,
      calculation_date: found.date,
      available: false,
      reason: found.reason,
      data: null,
      data_quality: qualityOf(frame, found.date, null),
    }
  }
  const { date, value } = found
  const known = coverage === undefined ? frame.coverageOn(date, 'ols_market') : coverage(value)
  return {
    portfolio_id: portfolioId,
    calculation_date: date,
    available: true,
    data: dataOf(value, date),
    data_quality: qualityOf(frame, date, { coverage: known }),
  }
}

function qualityOf(
  frame: PortfolioFrame,
  date: SessionDate | null,
  figures: { readonly coverage: number | null } | null,
): DataQuality {
  const snapshot = date === null ? null : frame.snapshotOn(date)
  const missing = snapshot?.positions_missing ?? 0
  const coverage = figures?.coverage ?? null
  const isFull = missing === 0 && (coverage === null || coverage >= FULL_COVERAGE_PCT)
  return {
    coverage_pct: coverage,
    stale_positions: snapshot?.positions_stale ?? 0,
    missing_positions: missing,
    private_allocation_pct: frame.privatePct(),
    quality_flag: figures === null ? 'none' : isFull ? 'full' : 'limited',
  }
}
