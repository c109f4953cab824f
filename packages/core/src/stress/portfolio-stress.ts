import type { JointModel } from './joint-model.ts'
import { INTEREST_RATE } from './joint-factors.ts'
import type { PortfolioSensitivities } from './portfolio-sensitivities.ts'
import type { ScenarioMoves } from './scenario-moves.ts'

/** Gains and losses of a portfolio under a scenario, dollars, not rounded. */
export interface StressOutcome {
  /** What is shocked moves, nothing else. */
  readonly directPnl: number
  /** Everything else moves as it has used to. */
  readonly correlatedPnl: number
  readonly correlationEffect: number
  /** Band around `directPnl` from the standard errors of the sensitivities. */
  readonly pnlStdError: number
  /** Each factor's share of `correlatedPnl`; they add up to it. */
  readonly factorImpacts: Readonly<Record<string, number>>
  /** Each shocked factor's share of `directPnl`; they add up to it. */
  readonly directImpacts: Readonly<Record<string, number>>
}

/** A portfolio as stress sees it. */
export interface StressedPortfolio {
  readonly sensitivities: PortfolioSensitivities
  /** See `lossLimit`; dollars. */
  readonly lossLimit: number | null
}

/**
 * Applies a scenario's moves to a portfolio:
 *
 *     direct     = β·s + Σ b_k·a_k over what is shocked; a shock to rates alone: rate dollars · r
 *     correlated = β·s + Σ b_k·a_k over all factors
 *     band       = √Σ (shock · standard error)² over what is shocked
 *
 * The loss of an unlevered long-only book stops at its market value, with shares scaled alike; nothing
 * else is clipped.
 *
 * Missing data: none allowed, what is missing was decided with the sensitivities and moves.
 *
 * @example β of $150,000 on equity of $100,000 and a market of −10 %: direct and correlated −15,000
 */
export function portfolioStress(
  { factors }: Pick<JointModel, 'factors'>,
  { sensitivities, lossLimit }: StressedPortfolio,
  { direct, correlated, rateReturn }: ScenarioMoves,
): StressOutcome {
  const { dollars, stdErrors, rateDollars, rateStdError } = sensitivities
  const directShares = new Map<string, number>()
  const correlatedShares = new Map<string, number>()
  let variance = 0
  for (const [k, { name }] of factors.entries()) {
    const move = direct[k] as number
    if (move !== 0) {
      directShares.set(name, move * (dollars[k] as number))
      variance += (move * (stdErrors[k] as number)) ** 2
    }
    correlatedShares.set(name, (correlated[k] as number) * (dollars[k] as number))
  }
  if (rateReturn !== null) {
    directShares.set(INTEREST_RATE, rateReturn * rateDollars)
    variance += (rateReturn * rateStdError) ** 2
  }
  const floor = lossLimit ?? Infinity
  const directImpacts = floored(directShares, floor)
  const factorImpacts = floored(correlatedShares, floor)
  return {
    directPnl: directImpacts.total,
    correlatedPnl: factorImpacts.total,
    correlationEffect: factorImpacts.total - directImpacts.total,
    pnlStdError: Math.sqrt(variance),
    factorImpacts: factorImpacts.shares,
    directImpacts: directImpacts.shares,
  }
}

/** Scales shares that lose more than `limit` together down to it. */
function floored(shares: ReadonlyMap<string, number>, limit: number) {
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0)
  if (total >= -limit) return { total, shares: Object.fromEntries(shares) }
  const scale = limit / -total
  const scaled = [...shares].map(([name, share]): [string, number] => [name, share * scale])
  return { total: -limit, shares: Object.fromEntries(scaled) }
}
