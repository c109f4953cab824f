import type { FactorDefinition } from '../factors/definition.ts'
import type { Ticker } from '../symbols/ticker.ts'

/** Names that scenarios shock, beside those of the style factors. */
export const MARKET = 'Market'
export const INTEREST_RATE = 'Interest Rate'

/** A factor of the joint model and the symbol whose returns are its moves. */
export interface FactorProxy {
  readonly name: string
  readonly proxy: Ticker
}

/** The market first, then whatever moves beside it: the styles in display order, interest rates last. */
export interface JointFactors {
  readonly market: FactorProxy
  readonly others: readonly FactorProxy[]
}

/**
 * The factors of the joint model, by the active definitions: the proxy of the market regression, of every
 * ridge factor, and of the interest-rate regression. Null when no definition names the market.
 */
export function jointFactors(definitions: readonly FactorDefinition[]): JointFactors | null {
  const active = definitions
    .filter(({ isActive }) => isActive)
    .toSorted((a, b) => a.displayOrder - b.displayOrder)
  const proxiesOf = (method: FactorDefinition['calculationMethod']) =>
    active.flatMap(({ name, calculationMethod, etfProxy }): readonly FactorProxy[] =>
      calculationMethod === method && etfProxy !== null ? [{ name, proxy: etfProxy }] : [],
    )
  const [market] = proxiesOf('ols_market')
  if (market === undefined) return null
  const rates = proxiesOf('ols_ir').slice(0, 1)
  return {
    market: { ...market, name: MARKET },
    others: [
      ...proxiesOf('ridge_regression'),
      ...rates.map((rate) => ({ ...rate, name: INTEREST_RATE })),
    ],
  }
}

/** What a scenario may shock: the market, every active style, and rates. */
export function factorNames(definitions: readonly FactorDefinition[]): readonly string[] {
  const styles = definitions.filter(
    ({ isActive, calculationMethod }) => isActive && calculationMethod === 'ridge_regression',
  )
  return [MARKET, ...styles.map(({ name }) => name), INTEREST_RATE]
}
