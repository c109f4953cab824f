import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import type { PricePanel } from '../returns/index.ts'
import type { Ticker } from '../symbols/ticker.ts'

/** A symbol's last close before a date. */
export interface EarlierClose {
  readonly symbol: Ticker
  readonly date: SessionDate
  readonly close: number
}

/** Closes that are in memory already. */
export class HeldCloses {
  readonly #panel: PricePanel
  readonly #rowOf: ReadonlyMap<Ticker, number>

  constructor(panel: PricePanel) {
    this.#panel = panel
    this.#rowOf = new Map(panel.symbols.map((symbol, row) => [symbol, row]))
  }

  /** Closes of a range of sessions; null when a symbol or a session is not held. */
  between(
    symbols: readonly Ticker[],
    { from, to }: { readonly from: SessionDate; readonly to: SessionDate },
  ): Pick<PricePanel, 'sessions' | 'symbols' | 'close'> | null {
    const { sessions: held, close: all } = this.#panel
    const [start, last] = [held.indexOf(from), held.indexOf(to)]
    if (start === -1 || last === -1) return null
    const sessions = held.slice(start, last + 1)
    const close = new Float64Array(symbols.length * sessions.length)
    for (const [i, symbol] of symbols.entries()) {
      const row = this.#rowOf.get(symbol)
      if (row === undefined) return null
      const first = row * held.length + start
      close.set(all.subarray(first, first + sessions.length), i * sessions.length)
    }
    return { sessions, symbols, close }
  }

  /** Null when there is none among the sessions held; there may be an older one. */
  lastBefore(symbol: Ticker, before: IsoDate): EarlierClose | null {
    const { sessions, close } = this.#panel
    const row = this.#rowOf.get(symbol)
    // Of a date beyond the sessions held, newer closes than these may be stored.
    if (row === undefined || !(before <= (sessions.at(-1) ?? ''))) return null
    for (let column = sessions.length - 1; column >= 0; column--) {
      const [date, price] = [sessions[column], close[row * sessions.length + column]]
      if (date === undefined || price === undefined || date >= before) continue
      if (!Number.isNaN(price)) return { symbol, date, close: price }
    }
    return null
  }
}
