import type { HeldLot } from '../exposures/index.ts'
import { returnSeries, windowOf, type ReturnHistory } from '../portfolio-returns/index.ts'
import type { Ticker } from '../symbols/index.ts'
import type { SymbolVolatilities } from './market-day.ts'
import { volatilityMetrics, type VolatilityMetrics } from '../volatility/index.ts'

const CENTS = 100

/** The volatilities of the lots of a date, a symbol's computed once whatever the number of its lots. */
export class PositionVolatilities {
  readonly #history: ReturnHistory
  readonly #bySymbol: SymbolVolatilities

  /** @param known volatilities of symbols on the date; what is computed is added */
  constructor(history: ReturnHistory, known: SymbolVolatilities) {
    this.#history = history
    this.#bySymbol = known
  }

  /**
   * A share's volatility is its symbol's. An option's is that of its underlying's returns times how much
   * more it moves: delta dollars ÷ market value.
   *
   * Missing data: null for PRIVATE lots, without a usable mark, without Greeks, and with fewer than 63 returns.
   */
  of(lot: HeldLot): VolatilityMetrics | null {
    const { investmentClass, priceStatus, symbol } = lot
    if (investmentClass === 'PRIVATE' || priceStatus === 'missing') return null
    if (investmentClass === 'OPTIONS') return this.#ofOption(lot)
    const known = this.#bySymbol.get(symbol)
    if (known !== undefined) return known
    const volatility = volatilityOf(this.#returnsOf(symbol))
    this.#bySymbol.set(symbol, volatility)
    return volatility
  }

  #ofOption({ underlyingSymbol, deltaDollars, marketValue }: HeldLot): VolatilityMetrics | null {
    if (underlyingSymbol === null || deltaDollars === null || marketValue === 0n) return null
    const leverage = (deltaDollars * CENTS) / Number(marketValue)
    return volatilityOf(this.#returnsOf(underlyingSymbol).map((value) => value * leverage))
  }

  #returnsOf(symbol: Ticker): Float64Array {
    const window = windowOf(this.#history, symbol)
    return window === null ? new Float64Array() : returnSeries(window).values
  }
}

function volatilityOf(returns: Float64Array): VolatilityMetrics | null {
  const result = volatilityMetrics(returns)
  return result.success ? result.metrics : null
}
