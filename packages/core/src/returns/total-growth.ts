import type { PanelEvent, PricePanel } from './panel.ts'

/** A stretch of sessions of one symbol, as row and columns of a panel. */
export interface Stretch {
  readonly symbolIndex: number
  readonly from: number
  readonly to: number
}

/**
 * What one unit invested at the close of session `from` has gained by the close of session `to`, a
 * fraction: the chain of the daily total returns where all of them exist.
 *
 * A split multiplies the holding. A dividend is cash until the first close on or after its ex-date,
 * at which it buys more of the same.
 *
 * Missing data: sessions without a close in between are stepped over; NaN when the first or the last
 * session has none.
 *
 * @param events the symbol's events in session order
 */
export function totalGrowth(
  panel: PricePanel,
  events: readonly PanelEvent[],
  { symbolIndex, from, to }: Stretch,
): number {
  const row = symbolIndex * panel.sessions.length
  const first = panel.close[row + from] as number
  const last = panel.close[row + to] as number
  if (Number.isNaN(first) || Number.isNaN(last)) return NaN
  let shares = 1
  let cash = 0
  let next = events.findIndex(({ sessionIndex }) => sessionIndex > from)
  if (next === -1) return last / first - 1
  for (let t = from + 1; t <= to; t++) {
    for (let event = events[next]; event?.sessionIndex === t; event = events[++next]) {
      shares *= event.splitRatio
      cash += shares * event.dividend
    }
    const close = panel.close[row + t] as number
    if (cash > 0 && !Number.isNaN(close)) {
      shares += cash / close
      cash = 0
    }
  }
  return (shares * last) / first - 1
}
