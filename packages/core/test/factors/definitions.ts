import type { CalculationMethod, FactorDefinition } from '../../src/factors/definition.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'

/** A row of `factor_definitions`; the proxy of a spread is written `LONG-SHORT`. */
export function factor(
  calculationMethod: CalculationMethod,
  proxy: string | null,
  changes: Partial<FactorDefinition> = {},
): FactorDefinition {
  const [etfProxy, shortProxy] =
    calculationMethod === 'spread_regression' ? (proxy ?? '').split('-') : [proxy]
  const name = changes.name ?? `${calculationMethod} ${proxy ?? ''}`
  return {
    id: name,
    name,
    factorType: calculationMethod === 'ols_ir' ? 'macro' : 'style',
    etfProxy: (etfProxy ?? null) as Ticker | null,
    shortProxy: (shortProxy ?? null) as Ticker | null,
    calculationMethod,
    windowDays: 90,
    minObservations: 30,
    displayOrder: 0,
    isActive: true,
    ...changes,
  }
}
