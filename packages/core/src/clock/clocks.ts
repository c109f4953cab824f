import { DateTime } from 'luxon'
import type { Clock } from './clock.ts'

/** The machine's clock. */
export function systemClock(): Clock {
  return { now: () => DateTime.utc() }
}

/** A clock that stands still, for drills (`SIGMASIGHT_NOW`) and tests. */
export function fixedClock(instant: DateTime<true>): Clock {
  const now = instant.toUTC()
  return { now: () => now }
}
