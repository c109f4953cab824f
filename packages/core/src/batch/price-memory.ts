import type { SessionDate } from '../calendar/iso-date.ts'
import type { PanelQuery, PricePanel } from '../returns/index.ts'
import type { Ticker } from '../symbols/index.ts'
import type { VolatilityMetrics } from '../volatility/index.ts'

/** Prices, and which edition of them; null where they are of no edition that can be recognised again. */
export interface EditedPanel {
  readonly panel: PricePanel
  readonly edition: string | null
}

/** Volatilities of symbols on a date. */
export type SymbolVolatilities = Map<Ticker, VolatilityMetrics | null>

/**
 * What runs of single portfolios in a long-lived process need not read and compute each time: prices from
 * where they are at hand, and figures that follow from one symbol's prices alone, for as long as those are
 * of the same edition.
 */
export class PriceMemory {
  readonly read: (query: PanelQuery) => Promise<EditedPanel>
  #edition: string | null = null
  readonly #byDate = new Map<SessionDate, SymbolVolatilities>()

  constructor(read: (query: PanelQuery) => Promise<EditedPanel>) {
    this.read = read
  }

  /** Those known of an edition's prices, to be added to; of no edition nothing is remembered. */
  volatilities(edition: string | null, date: SessionDate): SymbolVolatilities {
    if (edition === null) return new Map()
    if (edition !== this.#edition) this.#byDate.clear()
    this.#edition = edition
    const known = this.#byDate.get(date) ?? new Map<Ticker, VolatilityMetrics | null>()
    this.#byDate.set(date, known)
    return known
  }
}
