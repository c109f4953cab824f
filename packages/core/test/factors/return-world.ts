import type { FactorEstimates, FactorResult } from '../../src/factors/factor-result.ts'
import type { ReturnPanel } from '../../src/returns/panel.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { sessionsFrom } from '../returns/price-world.ts'

/** A panel of the given returns, one list per symbol, all of one length. */
export function returnPanel(returns: Readonly<Record<string, Float64Array>>): ReturnPanel {
  const rows = Object.values(returns)
  const width = rows[0]?.length ?? 0
  const values = new Float64Array(rows.length * width)
  for (const [i, row] of rows.entries()) values.set(row, i * width)
  return {
    sessions: sessionsFrom('2022-01-03', width),
    symbols: Object.keys(returns) as Ticker[],
    values,
  }
}

/** A copy of the returns without those at the given sessions. */
export function without(returns: Float64Array, sessions: readonly number[]): Float64Array {
  return returns.map((value, t) => (sessions.includes(t) ? NaN : value))
}

/** What a result says of one symbol and factor; null without a value. */
export function estimateOf(result: FactorResult, factor: string, symbol: string) {
  const estimates = estimatesOf(result, factor)
  const i = result.symbols.findIndex((name) => name === symbol)
  const beta = estimates.beta[i] ?? NaN
  if (Number.isNaN(beta)) return null
  return {
    beta,
    stdError: estimates.stdError[i] ?? NaN,
    tStat: estimates.tStat[i] ?? NaN,
    rSquared: estimates.rSquared[i] ?? NaN,
    observations: estimates.observations[i] ?? NaN,
    quality: estimates.quality[i],
  }
}

export function estimatesOf(result: FactorResult, factor: string): FactorEstimates {
  const found = result.estimates.find(({ definition }) => definition.name === factor)
  if (found === undefined) throw new Error(`no factor ${factor}`)
  return found
}
