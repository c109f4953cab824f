import { available, unavailable, type AnalyticResult } from '../analytics/index.ts'
import { returnColumns, type ReturnColumns } from '../correlation/index.ts'
import type { SymbolBetas } from '../exposures/index.ts'
import type { FactorDefinition } from '../factors/index.ts'
import { returnHistory, type ReturnHistory } from '../portfolio-returns/index.ts'
import type { ReturnPanel } from '../returns/index.ts'
import {
  jointFactors,
  jointModel,
  symbolSensitivities,
  type JointFactors,
  type JointModel,
  type Sensitivity,
} from '../stress/index.ts'
import type { Ticker } from '../symbols/index.ts'
import type { VolatilityMetrics } from '../volatility/index.ts'
import type { RiskModel } from './risk-model.ts'

/** Volatilities of symbols on a date. */
export type SymbolVolatilities = Map<Ticker, VolatilityMetrics | null>

interface KnownModel {
  readonly joint: AnalyticResult<JointModel>
  readonly sensitivities: Map<Ticker, Sensitivity>
  /** Symbols that were looked at, also those that have none. */
  readonly known: Set<Ticker>
}

/**
 * What follows on a date from the returns of symbols alone, the same for every portfolio. Each figure is made
 * when it is first asked for, and only for the symbols that it is asked for.
 */
export class MarketDay {
  /** Those that are known; whoever computes another adds it. */
  readonly volatilities: SymbolVolatilities = new Map()
  readonly #returns: ReturnPanel
  readonly #column: number
  readonly #models = new Map<string, KnownModel>()
  readonly #betas = new Map<string, Map<Ticker, SymbolBetas>>()
  #history: ReturnHistory | undefined
  #columns: ReturnColumns | undefined

  /** @param column that of the date in the panel */
  constructor(returns: ReturnPanel, column: number) {
    this.#returns = returns
    this.#column = column
  }

  history(): ReturnHistory {
    this.#history ??= returnHistory(this.#returns, this.#column)
    return this.#history
  }

  columns(): ReturnColumns {
    this.#columns ??= returnColumns(this.#returns, this.#column)
    return this.#columns
  }

  /**
   * Betas that are known, by the factors they are of; whoever reads another symbol's adds it. A symbol that
   * has rows of the date keeps them while its prices stay what they are; one without any may get some.
   */
  betas(factorIds: readonly string[]): Map<Ticker, SymbolBetas> {
    const key = factorIds.join(' ')
    const known = this.#betas.get(key) ?? new Map<Ticker, SymbolBetas>()
    this.#betas.set(key, known)
    return known
  }

  /**
   * How factors and these symbols move together. Reasons: those of `jointModel`; `no_factor_exposures` when
   * no active definition names the market.
   */
  model(
    definitions: readonly FactorDefinition[],
    symbols: readonly Ticker[],
  ): AnalyticResult<RiskModel> {
    const factors = jointFactors(definitions)
    if (factors === null) return unavailable('no_factor_exposures')
    const { joint, sensitivities, known } = this.#modelOf(factors)
    if (!joint.success) return joint
    const lacking = symbols.filter((symbol) => !known.has(symbol))
    if (lacking.length > 0) {
      const rows = this.#rowsOf([...lacking, ...factors.others.map(({ proxy }) => proxy)])
      for (const symbol of [...lacking, ...rows.symbols]) known.add(symbol)
      const found = symbolSensitivities(rows, this.#column, joint.metrics)
      for (const [symbol, sensitivity] of found) sensitivities.set(symbol, sensitivity)
    }
    return available({ joint: joint.metrics, sensitivities })
  }

  /** The panel with at least the rows of some symbols; those that it does not hold are left out. */
  #rowsOf(wanted: readonly Ticker[]): ReturnPanel {
    const { sessions, symbols, values } = this.#returns
    if (wanted.length > symbols.length / 2) return this.#returns
    const isWanted = new Set(wanted)
    const rows = [...symbols.keys()].filter((row) => isWanted.has(symbols[row] as Ticker))
    const width = sessions.length
    const own = new Float64Array(rows.length * width)
    for (const [i, row] of rows.entries()) {
      own.set(values.subarray(row * width, (row + 1) * width), i * width)
    }
    return { sessions, symbols: rows.map((row) => symbols[row] as Ticker), values: own }
  }

  #modelOf(factors: JointFactors): KnownModel {
    const key = JSON.stringify(factors)
    const made = this.#models.get(key)
    if (made !== undefined) return made
    const joint = jointModel(this.#returns, this.#column, factors)
    const model = { joint, sensitivities: new Map(), known: new Set<Ticker>() }
    this.#models.set(key, model)
    return model
  }
}
