import type { Database } from '../database/index.ts'
import { loadPricePanel, type PanelQuery, type PricePanel } from '../returns/index.ts'
import type { Ticker } from '../symbols/index.ts'
import { PriceMemory, type EditedPanel } from './price-memory.ts'

interface HeldPanel extends EditedPanel {
  /** Of which run and sessions it is. */
  readonly of: string
  readonly symbols: ReadonlySet<Ticker>
  readonly panel: PricePanel
}

/** Whom prices are read for. A run reads them once, and so does a worker for it. */
export interface PanelUse {
  readonly database: Database
  readonly batchRunId: string
  /** Symbols that others of the run will ask for. */
  readonly others: Iterable<Ticker>
}

/**
 * The prices that a worker read last. Chunks of one run and date hold much the same symbols, so what one
 * has read serves the next; what a chunk lacks is read together with what is there already.
 */
export class PanelMemory {
  /** For whoever keeps figures along with prices. */
  readonly prices = new PriceMemory((query) => this.read(query))
  #use: PanelUse | null = null
  #held: HeldPanel | null = null
  #edition = 0

  /** Says whom the next reads are for. */
  use(use: PanelUse): void {
    this.#use = use
  }

  async read(query: PanelQuery): Promise<HeldPanel> {
    const use = this.#use
    if (use === null) throw new Error('prices are read for nobody')
    const of = [use.batchRunId, query.from, query.to].join(' ')
    const known = this.#held?.of === of ? this.#held : null
    if (known !== null && query.symbols.every((symbol) => known.symbols.has(symbol))) return known
    const before = known?.panel.symbols ?? []
    const symbols = [...new Set([...before, ...query.symbols, ...use.others])].sort()
    const panel = await loadPricePanel(use.database.db, { ...query, symbols })
    this.#edition += 1
    this.#held = { of, symbols: new Set(symbols), panel, edition: `${of} ${this.#edition}` }
    return this.#held
  }
}
