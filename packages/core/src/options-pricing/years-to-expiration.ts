import { DateTime } from 'luxon'
import { sessionClose } from '../calendar/index.ts'
import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'

const MILLISECONDS_PER_YEAR = 365 * 24 * 3600 * 1000

/**
 * Time from the close of a session to 16:00 in New York of an option's expiration, actual ÷ 365; 0 or
 * less when it has expired. Hours count: an early close leaves three hours more, a change of clocks one.
 *
 * @example from 2024-01-12 to 2024-01-19: 7 ÷ 365
 */
export function yearsToExpiration(session: SessionDate, expiration: IsoDate): number {
  const end = DateTime.fromISO(`${expiration}T16:00`, { zone: 'America/New_York' })
  return end.diff(sessionClose(session)).toMillis() / MILLISECONDS_PER_YEAR
}
