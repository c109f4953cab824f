import type { Ticker } from '../symbols/ticker.ts'

/** How a factor's beta comes about. */
export const CALCULATION_METHODS = [
  'ols_market',
  'ols_ir',
  'ridge_regression',
  'spread_regression',
  'provider',
] as const
export type CalculationMethod = (typeof CALCULATION_METHODS)[number]

/** A row of `factor_definitions`: what is computed is data, so that an operator changes it without code. */
export interface FactorDefinition {
  readonly id: string
  readonly name: string
  readonly factorType: 'market' | 'style' | 'macro'
  readonly calculationMethod: CalculationMethod
  /** The regressor; for a spread its long leg. */
  readonly etfProxy: Ticker | null
  /** The short leg of a spread. */
  readonly shortProxy: Ticker | null
  /** Sessions of the regression window. */
  readonly windowDays: number
  /** Fewest usable returns that give a row. */
  readonly minObservations: number
  readonly displayOrder: number
  readonly isActive: boolean
}
