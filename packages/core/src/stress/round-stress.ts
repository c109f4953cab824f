import { centsFromDollars, type Cents } from '../pnl/index.ts'
import type { StressOutcome } from './portfolio-stress.ts'

/** A stress outcome as it is stored: cents that add up. */
export interface RoundedStress {
  readonly directPnl: Cents
  readonly correlatedPnl: Cents
  /** Correlated less direct, of the rounded figures. */
  readonly correlationEffect: Cents
  readonly pnlStdError: Cents
  /** Each factor's share; they add up to `correlatedPnl`. */
  readonly factorImpacts: readonly (readonly [factor: string, share: Cents])[]
}

/**
 * Rounds an outcome to cents so that what adds up still does: shares are rounded down and the cents that
 * are then lacking given to those that lost most (the largest remainder method).
 *
 * Missing data: null when a figure is not finite or larger than a column of money.
 *
 * @example three shares of 33.335 of a total of 100.005: 100.01 = 33.34 + 33.34 + 33.33
 */
export function roundStress(outcome: StressOutcome): RoundedStress | null {
  const directPnl = centsFromDollars(outcome.directPnl)
  const correlatedPnl = centsFromDollars(outcome.correlatedPnl)
  const pnlStdError = centsFromDollars(outcome.pnlStdError)
  if (directPnl === null || correlatedPnl === null || pnlStdError === null) return null
  const shares = Object.entries(outcome.factorImpacts)
  if (shares.some(([, share]) => centsFromDollars(share) === null)) return null
  return {
    directPnl,
    correlatedPnl,
    correlationEffect: (correlatedPnl - directPnl) as Cents,
    pnlStdError,
    factorImpacts: apportion(shares, correlatedPnl),
  }
}

function apportion(
  shares: readonly (readonly [string, number])[],
  total: Cents,
): RoundedStress['factorImpacts'] {
  const floors = shares.map(([, share]) => Math.floor(share * 100))
  let lacking = Number(total - floors.reduce((sum, cents) => sum + BigInt(cents), 0n))
  const lost = shares.map(([, share], i) => share * 100 - (floors[i] as number))
  const byLoss = [...shares.keys()].sort((a, b) => (lost[b] as number) - (lost[a] as number))
  for (const i of byLoss) {
    if (lacking <= 0) break
    floors[i] = (floors[i] as number) + 1
    lacking -= 1
  }
  return shares.map(([factor], i) => [factor, BigInt(floors[i] as number) as Cents])
}
