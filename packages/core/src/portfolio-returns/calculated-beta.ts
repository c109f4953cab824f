import { available, unavailable, type AnalyticResult } from '../analytics/analytic-result.ts'
import { fitMany, prepareDesign } from '../regression/index.ts'
import type { ReturnSeries } from './return-series.ts'

const SESSIONS = 90
const MIN_OBSERVATIONS = 30

export interface CalculatedBeta {
  readonly beta: number
  /** 0 to 1; null when the series is constant. */
  readonly rSquared: number | null
  readonly observations: number
}

/**
 * Beta of a return series on the market by least squares with intercept over the last 90 sessions.
 *
 * Missing data: sessions on which either has no return are left out; `no_price_data` without a market,
 * `insufficient_observations` with fewer than 30 of them or a market that did not move.
 *
 * @param market returns of the market over the sessions that the positions of the series refer to, NaN
 * where there is none; null when it is unknown
 */
export function calculatedBeta(
  { positions, values }: ReturnSeries,
  market: Float64Array | null,
): AnalyticResult<CalculatedBeta> {
  if (market === null) return unavailable('no_price_data')
  const first = market.length - SESSIONS
  const rows = Int32Array.from(positions.keys()).filter((i) => {
    const position = positions[i] as number
    return position >= first && !Number.isNaN(market[position])
  })
  if (rows.length < MIN_OBSERVATIONS) return unavailable('insufficient_observations')
  const column = Float64Array.from(rows, (i) => market[positions[i] as number] as number)
  const prepared = prepareDesign([column], 0)
  if (!prepared.ok) return unavailable('insufficient_observations')
  const fits = fitMany(prepared.design, { values, starts: Int32Array.of(0), rows })
  const rSquared = fits.rSquared[0] ?? NaN
  return available({
    beta: fits.beta[0] as number,
    rSquared: Number.isNaN(rSquared) ? null : rSquared,
    observations: rows.length,
  })
}
