import { addDays, previousSession, sessionOnOrAfter } from '../../calendar/index.ts'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import type { BarRequest } from '../provider.ts'

/** What the database holds of one symbol between a window's start and a plan's last session. */
export interface BarCoverage {
  readonly symbol: Ticker
  /** First session with a close inside the window. */
  readonly first: SessionDate
  /** Last session with a close inside the window. */
  readonly last: SessionDate
  /** Third last session with a close, or the first when there are fewer. */
  readonly thirdLast: SessionDate
  /** Whether there is a close after the plan's last session. */
  readonly hasLater: boolean
}

export interface GapPlan {
  readonly symbols: readonly Ticker[]
  readonly coverage: ReadonlyMap<Ticker, BarCoverage>
  /** First and last session whose closes the run needs. */
  readonly windowStart: SessionDate
  readonly end: SessionDate
  /** How far back a symbol's provider was asked before, for symbols whose history starts later. */
  readonly askedFrom: ReadonlyMap<Ticker, SessionDate>
}

/**
 * What to ask for, symbol by symbol: nothing that is already known, except the last three stored
 * sessions, which are asked again so that a provider's correction is noticed.
 *
 * - no bars yet → the whole window;
 * - bars up to some session → from the third last of them to the end;
 * - bars that start inside the window → also what lies before them, unless the provider was asked
 *   that far back already (a symbol listed last year has no older bars, however often one asks);
 * - bars through the end and beyond it → nothing.
 *
 * Stored sessions are asked again from the day after the session before, so that an event on a holiday
 * in between is seen again each time its session is.
 */
export function planBarRequests(plan: GapPlan): readonly BarRequest[] {
  const windowStart = sessionOnOrAfter(plan.windowStart)
  const requests: BarRequest[] = []
  for (const symbol of plan.symbols) {
    const known = plan.coverage.get(symbol)
    if (known === undefined) {
      requests.push({ symbol, from: windowStart, to: plan.end })
      continue
    }
    const isCurrent = known.last === plan.end && known.hasLater
    const asked = plan.askedFrom.get(symbol)
    const needsEarlier = known.first > windowStart && (asked === undefined || asked > windowStart)
    if (needsEarlier) {
      const to = isCurrent ? previousSession(known.first) : plan.end
      requests.push({ symbol, from: windowStart, to })
    } else if (!isCurrent) {
      requests.push({ symbol, from: withDaysBefore(known.thirdLast), to: plan.end })
    }
  }
  return requests
}

/** The first day whose events belong to a session. */
function withDaysBefore(session: SessionDate): IsoDate {
  return addDays(previousSession(session), 1)
}
