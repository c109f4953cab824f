import { DateTime } from 'luxon'
import type { Clock } from './clock.ts'

/** The machine's clock: the only place that asks the machine what time it is. */
export function systemClock(): Clock {
  return { now: () => DateTime.utc() }
}
