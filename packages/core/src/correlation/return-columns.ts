import type { ReturnPanel } from '../returns/index.ts'
import type { Ticker } from '../symbols/ticker.ts'

/** The returns of one symbol over the window. */
export interface ReturnColumn {
  /** NaN where there is none. */
  readonly values: Float64Array
  readonly observations: number
  /** All returns are the same, up to rounding, or there are none: it correlates with nothing. */
  readonly isConstant: boolean
  /**
   * (return − mean) ÷ √Σ (return − mean)², so that the correlation of two is their inner product. Null for
   * a column with gaps, which has other means with every partner.
   */
  readonly standardized: Float64Array | null
}

/** The columns of a date, shared by all portfolios. */
export interface ReturnColumns {
  readonly bySymbol: Pick<ReadonlyMap<Ticker, ReturnColumn>, 'get'>
  /** Sessions of the window. */
  readonly sessions: number
}

/** Sessions of the window (`correlation_calculations.duration_days`). */
export const SESSIONS = 90

/**
 * Prepares the last 90 sessions up to a date for correlations. Each symbol is standardised once, when
 * it is first asked for, whatever the number of portfolios that hold it; the correlation of a pair is then ninety multiplications, less
 * than it takes to look up a remembered one.
 *
 * @param sessionIndex column of the date in the panel
 */
export function returnColumns(returns: ReturnPanel, sessionIndex: number): ReturnColumns {
  const stride = returns.sessions.length
  const start = Math.max(0, sessionIndex + 1 - SESSIONS)
  const sessions = sessionIndex + 1 - start
  const rowOf = new Map(returns.symbols.map((symbol, row) => [symbol, row]))
  const known = new Map<Ticker, ReturnColumn>()
  const get = (symbol: Ticker): ReturnColumn | undefined => {
    const row = rowOf.get(symbol)
    const found = known.get(symbol)
    if (row === undefined || found !== undefined) return found
    const first = row * stride + start
    const made = column(returns.values.subarray(first, first + sessions))
    known.set(symbol, made)
    return made
  }
  return { bySymbol: { get }, sessions }
}

/** A deviation this small beside the mean is rounding. */
const NEGLIGIBLE = 1e-13

function column(values: Float64Array): ReturnColumn {
  const present = values.filter((value) => !Number.isNaN(value))
  const observations = present.length
  const mean = present.reduce((sum, value) => sum + value, 0) / observations
  const deviations = present.map((value) => value - mean)
  const norm = Math.hypot(...deviations)
  const isConstant =
    observations === 0 || norm <= Math.sqrt(observations) * NEGLIGIBLE * Math.abs(mean)
  const isComplete = observations === values.length && !isConstant
  return {
    values,
    observations,
    isConstant,
    standardized: isComplete ? deviations.map((deviation) => deviation / norm) : null,
  }
}
