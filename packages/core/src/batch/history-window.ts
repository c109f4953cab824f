import { addDays, sessionOnOrAfter, sessionsBack } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import { longestWindow, type FactorDefinition } from '../factors/index.ts'

/** Closes that the figures besides the regressions reach back for, in sessions. */
const OTHER_CONSUMERS: readonly { readonly what: string; readonly sessions: number }[] = [
  { what: 'volatility percentile: 252 rolling 21-session volatilities', sessions: 252 + 21 },
  { what: 'volatility forecast: 252 rows after 22 lags', sessions: 252 + 22 + 1 },
  { what: 'one-year return', sessions: 253 },
]
const MARGIN_SESSIONS = 10
const MINIMUM_CALENDAR_DAYS = 400

/**
 * The first session whose close a run starting on `firstDate` needs: the longest reach of all
 * consumers (a regression over n sessions needs n + 1 closes) plus a margin, and at least 400
 * calendar days.
 */
export function historyStart(
  firstDate: SessionDate,
  definitions: readonly FactorDefinition[],
): SessionDate {
  const reach = Math.max(
    longestWindow(definitions) + 1,
    ...OTHER_CONSUMERS.map(({ sessions }) => sessions),
  )
  const bySessions = sessionsBack(firstDate, reach + MARGIN_SESSIONS)
  const byDays = sessionOnOrAfter(addDays(firstDate, -MINIMUM_CALENDAR_DAYS))
  return bySessions < byDays ? bySessions : byDays
}
