import type { Ticker } from '../symbols/ticker.ts'
import type { FactorDefinition } from './definition.ts'

/** Needed whatever the definitions say: portfolio betas use SPY, rate shocks use TLT. */
const ALWAYS_NEEDED = ['SPY', 'TLT'] as readonly string[] as readonly Ticker[]

/** The symbols whose returns explain others: both legs of every active definition, SPY and TLT; sorted. */
export function proxySymbols(definitions: readonly FactorDefinition[]): readonly Ticker[] {
  const legs = definitions
    .filter(({ isActive }) => isActive)
    .flatMap(({ etfProxy, shortProxy }) => [etfProxy, shortProxy])
    .filter((symbol) => symbol !== null)
  return [...new Set([...ALWAYS_NEEDED, ...legs])].sort()
}
