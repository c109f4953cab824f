import type { PricePanel, ReturnPanel } from './panel.ts'

/**
 * Simple daily total returns: (close_t + dividend_t) · split_t ÷ close_{t−1} − 1, prices as traded,
 * the holding-period return of the CRSP data base.
 *
 * Missing data: a return exists only between two consecutive sessions that both have a close; NaN
 * otherwise. An event on a session without a close therefore enters no return.
 *
 * Example: 645.57 and, after a 7:1 split, 93.70: 93.70 · 7 ÷ 645.57 − 1 = 0.016001.
 */
export function totalReturns(panel: PricePanel): ReturnPanel {
  const { sessions, symbols, close, events } = panel
  const width = sessions.length
  const values = new Float64Array(close.length)
  for (let i = 0; i < close.length; i++) {
    values[i] = i % width === 0 ? NaN : (close[i] as number) / (close[i - 1] as number) - 1
  }
  for (const { symbolIndex, sessionIndex, dividend, splitRatio } of events) {
    if (sessionIndex === 0) continue
    const i = symbolIndex * width + sessionIndex
    values[i] = (((close[i] as number) + dividend) * splitRatio) / (close[i - 1] as number) - 1
  }
  return { sessions, symbols, values }
}
