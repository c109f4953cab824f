import { sessionsBetween } from '../../src/calendar/index.ts'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import type { PanelEvent, PricePanel } from '../../src/returns/panel.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'

/** Consecutive sessions from a session on. */
export function sessionsFrom(first: string, count: number): readonly SessionDate[] {
  return sessionsBetween(first as SessionDate, '2027-12-31' as SessionDate).slice(0, count)
}

/** A panel of the given closes; null where there is none. */
export function pricePanel(
  sessions: readonly SessionDate[],
  closes: Readonly<Record<string, readonly (number | null)[]>>,
  events: readonly PanelEvent[] = [],
): PricePanel {
  const rows = Object.values(closes)
  return {
    sessions,
    symbols: Object.keys(closes) as Ticker[],
    close: Float64Array.from(rows.flat(), (close) => close ?? NaN),
    events,
  }
}
