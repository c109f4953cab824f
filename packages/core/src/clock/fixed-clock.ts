import type { DateTime } from 'luxon'
import type { Clock } from './clock.ts'

/** A clock that stands still at an instant of any zone, for drills (`SIGMASIGHT_NOW`) and tests. */
export function fixedClock(instant: DateTime<true>): Clock {
  const now = instant.toUTC()
  return { now: () => now }
}
