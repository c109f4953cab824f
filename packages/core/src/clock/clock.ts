import type { DateTime } from 'luxon'

/** Where "now" comes from. Real programs pass the system clock; drills and tests a fixed or stepped one. */
export interface Clock {
  /** The present instant, in UTC. */
  now(): DateTime<true>
}
