import type { PricePanel } from '../../returns/panel.ts'
import { createSymbolHistory, type CorporateEvent } from './create-symbol-history.ts'
import { NO_HISTORY, type PriceSource, type SymbolHistory } from './symbol-history.ts'

export interface StoredPrices {
  /** Closes of every symbol needed; its own events are not looked at. */
  readonly panel: Pick<PricePanel, 'sessions' | 'symbols' | 'close'>
  /**
   * Events of the same symbols, in any order. They reach back further than the panel: to the earliest
   * entry, share basis or recognition date of a lot, because every total counts from there.
   */
  readonly events: readonly (CorporateEvent & { readonly symbol: string })[]
}

/**
 * The price source of all portfolios of a run, over one panel. A symbol's history is made when the
 * first lot asks for it.
 *
 * Missing data: a symbol outside the panel has no closes. The panel must reach back before the first
 * snapshot of any portfolio with a lot whose recognition is to be found (`Lot.recognition` null).
 */
export function createPriceSource({ panel, events }: StoredPrices): PriceSource {
  const width = panel.sessions.length
  const rowOf = new Map<string, number>(panel.symbols.map((symbol, row) => [symbol, row]))
  const eventsOf = Map.groupBy(events, ({ symbol }) => symbol)
  const histories = new Map<string, SymbolHistory>()
  const create = (symbol: string): SymbolHistory => {
    const row = rowOf.get(symbol)
    const ownEvents = eventsOf.get(symbol) ?? []
    if (row === undefined && ownEvents.length === 0) return NO_HISTORY
    const close =
      row === undefined ? NO_CLOSES : panel.close.subarray(row * width, (row + 1) * width)
    return createSymbolHistory(
      { sessions: row === undefined ? [] : panel.sessions, close },
      ownEvents,
    )
  }
  return (symbol) => {
    let history = histories.get(symbol)
    if (history === undefined) {
      history = create(symbol)
      histories.set(symbol, history)
    }
    return history
  }
}

const NO_CLOSES = new Float64Array(0)
