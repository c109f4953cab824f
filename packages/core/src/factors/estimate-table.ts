import type { FactorDefinition } from './definition.ts'
import type { EstimateQuality, FactorEstimates } from './factor-result.ts'
import type { PlannedRegression } from './plan-regressions.ts'

/** Betas beyond this are artefacts of short or odd histories. */
const LARGEST_BETA = 5

/** One symbol's numbers before they are stored. */
export interface Estimate {
  readonly beta: number
  readonly stdError: number
  readonly tStat: number
  readonly rSquared: number
  readonly observations: number
  readonly history: 'full_history' | 'limited_history'
}

/** The estimates of one factor while they are being filled in, symbol by symbol. */
export class EstimateTable implements FactorEstimates {
  readonly definition: FactorDefinition
  readonly beta: Float64Array
  readonly stdError: Float64Array
  readonly tStat: Float64Array
  readonly rSquared: Float64Array
  readonly observations: Int32Array
  readonly quality: (EstimateQuality | null)[]
  readonly regularizationAlpha: number | null
  readonly regressionWindowDays: number | null

  /** Without any value yet. `regression` is null for a factor that no regression estimates. */
  constructor(
    definition: FactorDefinition,
    regression: PlannedRegression | null,
    symbolCount: number,
  ) {
    const none = () => new Float64Array(symbolCount).fill(NaN)
    this.definition = definition
    this.beta = none()
    this.stdError = none()
    this.tStat = none()
    this.rSquared = none()
    this.observations = new Int32Array(symbolCount)
    this.quality = new Array<EstimateQuality | null>(symbolCount).fill(null)
    this.regularizationAlpha =
      regression === null || regression.alpha === 0 ? null : regression.alpha
    this.regressionWindowDays = regression?.windowDays ?? null
  }

  /** Enters a symbol's numbers, the beta within its bounds; the other statistics stay those of the fit. */
  set(symbol: number, estimate: Estimate): void {
    const capped = Math.min(Math.max(estimate.beta, -LARGEST_BETA), LARGEST_BETA)
    this.beta[symbol] = capped
    this.stdError[symbol] = estimate.stdError
    this.tStat[symbol] = estimate.tStat
    this.rSquared[symbol] = estimate.rSquared
    this.observations[symbol] = estimate.observations
    this.quality[symbol] = capped === estimate.beta ? estimate.history : 'capped'
  }
}
