import { sessionIndex } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { PricePanel } from '../returns/index.ts'
import type { Ticker } from '../symbols/index.ts'
import type { FactorTable, SymbolFactor } from './factor-table.ts'

type PanelEvent = PricePanel['events'][number]

/** The last close of a symbol, as traded. */
export interface LatestPrice {
  readonly date: SessionDate
  readonly close: number
}

/** A range of sessions of some symbols. */
export interface HistoryQuery {
  readonly symbols: readonly Ticker[]
  readonly from: SessionDate
  readonly to: SessionDate
}

/**
 * Prices and factors of many symbols as they were at one moment. Never changed: what is newer is another
 * object. Every method answers from memory, or null for what is not in it.
 */
export class SymbolData {
  readonly panel: PricePanel
  /** Of the newest dates that have them, newest first. */
  readonly factors: readonly FactorTable[]
  readonly #rowOf: ReadonlyMap<Ticker, number>
  /** Where the events of each row begin, and where those of the last one end. */
  readonly #eventStarts: Int32Array

  constructor(panel: PricePanel, factors: readonly FactorTable[]) {
    this.panel = panel
    this.factors = factors
    this.#rowOf = new Map(panel.symbols.map((symbol, row) => [symbol, row]))
    this.#eventStarts = eventStarts(panel)
  }

  /** Null when the symbol is unknown or has no close within the sessions held. */
  latestPrice(symbol: Ticker): LatestPrice | null {
    const { sessions, close } = this.panel
    const row = this.#rowOf.get(symbol)
    if (row === undefined) return null
    for (let column = sessions.length - 1; column >= 0; column--) {
      const price = close[row * sessions.length + column] as number
      const date = sessions[column]
      if (!Number.isNaN(price) && date !== undefined) return { date, close: price }
    }
    return null
  }

  /** Null when a symbol is unknown or the range reaches beyond the sessions held. */
  history({ symbols, from, to }: HistoryQuery): PricePanel | null {
    const [first] = this.panel.sessions
    const last = this.panel.sessions.at(-1)
    if (first === undefined || last === undefined || from < first || to > last) return null
    const rows: number[] = []
    for (const symbol of symbols) {
      const row = this.#rowOf.get(symbol)
      if (row === undefined) return null
      rows.push(row)
    }
    const start = sessionIndex(from) - sessionIndex(first)
    const sessions = this.panel.sessions.slice(start, sessionIndex(to) - sessionIndex(first) + 1)
    const width = this.panel.sessions.length
    const close = new Float64Array(rows.length * sessions.length)
    for (const [i, row] of rows.entries()) {
      const from = row * width + start
      close.set(this.panel.close.subarray(from, from + sessions.length), i * sessions.length)
    }
    const events = rows.flatMap((row, i) =>
      this.#eventsOf(row, i, { start, count: sessions.length }),
    )
    return { sessions, symbols, close, events }
  }

  /** Null when the date is not held or no fit of the symbol is known. */
  factorsOf(symbol: Ticker, date: SessionDate): readonly SymbolFactor[] | null {
    return this.factors.find((table) => table.date === date)?.of(symbol) ?? null
  }

  #eventsOf(
    row: number,
    symbolIndex: number,
    { start, count }: { readonly start: number; readonly count: number },
  ): readonly PanelEvent[] {
    return this.panel.events
      .slice(this.#eventStarts[row], this.#eventStarts[row + 1])
      .filter(({ sessionIndex: at }) => at >= start && at < start + count)
      .map((event) => ({ ...event, symbolIndex, sessionIndex: event.sessionIndex - start }))
  }
}

/** Events are sorted by symbol. */
function eventStarts({ symbols, events }: PricePanel): Int32Array {
  const starts = new Int32Array(symbols.length + 1)
  for (const { symbolIndex } of events) {
    starts[symbolIndex + 1] = (starts[symbolIndex + 1] as number) + 1
  }
  for (let row = 0; row < symbols.length; row++) {
    starts[row + 1] = (starts[row + 1] as number) + (starts[row] as number)
  }
  return starts
}
