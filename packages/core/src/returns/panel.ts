import type { SessionDate } from '../calendar/iso-date.ts'
import type { Ticker } from '../symbols/ticker.ts'

/** A cash dividend or split, placed on a session of the panel. */
export interface PanelEvent {
  /** Row of the symbol in the panel. */
  readonly symbolIndex: number
  /** Column of the ex-date in the panel. */
  readonly sessionIndex: number
  readonly dividend: number
  readonly splitRatio: number
}

/**
 * As-traded closes of many symbols over consecutive sessions, symbol-major: the close of symbol `s`
 * on session `t` is `close[s * sessions.length + t]`; NaN where there is none.
 */
export interface PricePanel {
  readonly sessions: readonly SessionDate[]
  readonly symbols: readonly Ticker[]
  readonly close: Float64Array
  /** Only days with an event; sorted by symbol, then session. */
  readonly events: readonly PanelEvent[]
}

/**
 * Daily total returns laid out as `PricePanel.close`. NaN where a return does not exist; always NaN
 * in the first session, which has no predecessor in the panel.
 */
export interface ReturnPanel {
  readonly sessions: readonly SessionDate[]
  readonly symbols: readonly Ticker[]
  readonly values: Float64Array
}
