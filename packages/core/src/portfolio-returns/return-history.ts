import type { SessionDate } from '../calendar/iso-date.ts'
import type { ReturnPanel } from '../returns/index.ts'
import type { Ticker } from '../symbols/ticker.ts'

/**
 * The last sessions of a return panel up to a date, shared by all portfolios. The window of the symbol in
 * row i begins at `values[i * stride + start]` and has `sessions.length` returns, NaN where there is none.
 */
export interface ReturnHistory {
  /** Ascending; the last one is the date. */
  readonly sessions: readonly SessionDate[]
  readonly values: Float64Array
  readonly stride: number
  readonly start: number
  readonly rowOf: ReadonlyMap<Ticker, number>
  /** How many returns each row has in the window. */
  readonly counts: Int32Array
}

/** What the longest consumer needs: 252 rows of the variance regression and the 22 sessions before them. */
const SESSIONS = 274

/** @param sessionIndex column of the date in the panel */
export function returnHistory(
  returns: ReturnPanel,
  sessionIndex: number,
  sessions: number = SESSIONS,
): ReturnHistory {
  const { values, symbols } = returns
  const stride = returns.sessions.length
  const start = Math.max(0, sessionIndex + 1 - sessions)
  const length = sessionIndex + 1 - start
  const counts = Int32Array.from(symbols, (_, row) => {
    let count = 0
    const first = row * stride + start
    for (let t = first; t < first + length; t++) count += Number.isNaN(values[t]) ? 0 : 1
    return count
  })
  return {
    sessions: returns.sessions.slice(start, sessionIndex + 1),
    values,
    stride,
    start,
    rowOf: new Map(symbols.map((symbol, row) => [symbol, row])),
    counts,
  }
}

/** The returns of a symbol over the window; null for one that the panel does not hold. */
export function windowOf(history: ReturnHistory, symbol: Ticker): Float64Array | null {
  const row = history.rowOf.get(symbol)
  if (row === undefined) return null
  const first = row * history.stride + history.start
  return history.values.subarray(first, first + history.sessions.length)
}
