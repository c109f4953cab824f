import { HeldCloses } from '../portfolios/index.ts'
import type { PanelQuery, PricePanel } from '../returns/index.ts'
import { RiskMarket } from './risk-market.ts'

/**
 * Prices of at least what was asked for, and which edition they are: the same name is the same panel. Null
 * where they are of no edition that can be recognised again.
 */
export interface EditedPanel {
  readonly panel: PricePanel
  readonly edition: string | null
}

interface KnownEdition {
  readonly edition: string
  readonly closes: HeldCloses
  /** Made when it is first asked for. */
  market: RiskMarket | null
}

/**
 * What runs of single portfolios in a long-lived process need not read and compute each time: prices from
 * where they are at hand, and what follows from them alone, for as long as they are of the same edition.
 */
export class PriceMemory {
  readonly #read: (query: PanelQuery) => Promise<EditedPanel>
  readonly #held: () => Promise<EditedPanel | null>
  #known: KnownEdition | null = null

  /** @param held an edition that can be had without reading, if there is one */
  constructor(
    read: (query: PanelQuery) => Promise<EditedPanel>,
    held: () => Promise<EditedPanel | null> = () => Promise.resolve(null),
  ) {
    this.#read = read
    this.#held = held
  }

  /** Closes of such an edition; null without one. */
  async closes(): Promise<HeldCloses | null> {
    const held = await this.#held()
    if (held === null || held.edition === null) return null
    return this.#of(held.edition, held.panel).closes
  }

  async market(query: PanelQuery): Promise<RiskMarket> {
    const { panel, edition } = await this.#read(query)
    if (edition === null) return new RiskMarket(panel)
    const known = this.#of(edition, panel)
    known.market ??= new RiskMarket(panel)
    return known.market
  }

  #of(edition: string, panel: PricePanel): KnownEdition {
    if (this.#known?.edition !== edition) {
      this.#known = { edition, closes: new HeldCloses(panel), market: null }
    }
    return this.#known
  }
}
