import type { IsoDate } from '../../../calendar/iso-date.ts'
import { isTicker } from '../../../symbols/index.ts'
import type { Ticker } from '../../../symbols/ticker.ts'
import type { BarRequest } from '../../provider.ts'
import { RequestedRows } from './requested-rows.ts'

/** Every symbol of a set of files, with the rows that were asked for. */
export class SymbolTable {
  readonly #bySpelling = new Map<string, FileSymbol>()
  readonly #byTicker = new Map<Ticker, FileSymbol>()

  constructor(requests: readonly BarRequest[]) {
    for (const request of requests) {
      const symbol = this.#byTicker.get(request.symbol) ?? new FileSymbol(request.symbol)
      symbol.requested.push(new RequestedRows(request))
      this.#byTicker.set(request.symbol, symbol)
    }
  }

  /** The symbol of this spelling, in any letter case; null when the text cannot be one. */
  find(text: string): FileSymbol | null {
    const known = this.#bySpelling.get(text)
    if (known !== undefined) return known
    const ticker = text.toUpperCase()
    if (!isTicker(ticker)) return null
    const symbol = this.#byTicker.get(ticker) ?? new FileSymbol(ticker)
    this.#byTicker.set(ticker, symbol)
    this.#bySpelling.set(text, symbol)
    return symbol
  }

  /** All symbols, those of the requests first and in their order. */
  symbols(): Iterable<FileSymbol> {
    return this.#byTicker.values()
  }

  /** Ends a file: its rows stay, or are forgotten. */
  endFile(keepsRows: boolean): void {
    for (const symbol of this.#byTicker.values()) symbol.endFile(keepsRows)
  }
}

/** One symbol of the files: the dates seen in the present file, and the rows that were asked for. */
export class FileSymbol {
  readonly ticker: Ticker
  /** One entry per request for this symbol. */
  readonly requested: RequestedRows[] = []
  /** Whether any row names it. */
  isSeen = false
  /** One bit per date number. */
  #claimed = new Uint32Array(4)
  #hasClaims = false

  constructor(ticker: Ticker) {
    this.ticker = ticker
  }

  /** Marks a date as present in this file; false when it was already. */
  claim(dateId: number): boolean {
    const word = dateId >>> 5
    if (word >= this.#claimed.length) {
      const grown = new Uint32Array(2 * word)
      grown.set(this.#claimed)
      this.#claimed = grown
    }
    const bit = 1 << (dateId & 31)
    const bits = this.#claimed[word] ?? 0
    if ((bits & bit) !== 0) return false
    this.#claimed[word] = bits | bit
    this.#hasClaims = true
    return true
  }

  /** Keeps a row for those requests whose range has its date. */
  keep(date: IsoDate, dateId: number, values: Float64Array): void {
    for (const rows of this.requested) {
      if (date >= rows.request.from && date <= rows.request.to) rows.push(dateId, values)
    }
  }

  endFile(keepsRows: boolean): void {
    if (!this.#hasClaims) return
    for (const rows of this.requested) rows.endFile(keepsRows)
    this.#claimed.fill(0)
    this.#hasClaims = false
  }
}
