import type { Ticker } from '../symbols/ticker.ts'
import type { FactorDefinition } from './definition.ts'
import { EstimateTable } from './estimate-table.ts'
import type { FactorEstimates } from './factor-result.ts'
import type { SkipTally } from './skip-tally.ts'

/** A provider's beta is taken to rest on one year of sessions. */
const PROVIDER_OBSERVATIONS = 252

/** The betas that providers state, without errors of their own. Symbols without one get no value. */
export function providerEstimates(
  definition: FactorDefinition,
  symbols: readonly Ticker[],
  betas: ReadonlyMap<Ticker, number>,
  skips: SkipTally,
): FactorEstimates {
  const table = new EstimateTable(definition, null, symbols.length)
  let without = 0
  for (const [index, symbol] of symbols.entries()) {
    const beta = betas.get(symbol)
    if (beta === undefined || !Number.isFinite(beta)) {
      without++
      continue
    }
    table.set(index, {
      beta,
      stdError: NaN,
      tStat: NaN,
      rSquared: NaN,
      observations: PROVIDER_OBSERVATIONS,
      history: 'full_history',
    })
  }
  skips.add([definition], { reason: 'no_provider_beta', observations: 0, symbols: without })
  return table
}
