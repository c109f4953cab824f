import { DateTime } from 'luxon'
import type { IsoDate } from '../../../calendar/iso-date.ts'
import { Malformed } from '../../calls/provider-errors.ts'

/** Some decades of sessions; the rest are instants of last trades, which do not come again. */
const LIMIT = 50_000

/**
 * Dates of instants in time zones. Working one out is slow, and thousands of symbols share the stamps of
 * their bars, so that they are remembered.
 */
export class ZoneDates {
  readonly #dates = new Map<string, IsoDate>()

  /**
   * The date in a zone at an instant.
   *
   * @param stamp seconds since 1970
   * @throws Malformed for a zone or an instant that is none
   */
  dateOf(stamp: number, zone: string): IsoDate {
    const key = `${stamp} ${zone}`
    const known = this.#dates.get(key)
    if (known !== undefined) return known
    const date = DateTime.fromSeconds(stamp, { zone }).toISODate()
    if (date === null) {
      throw new Malformed(`yahoo's time ${stamp} in the zone "${zone}" is no date`, 'timestamp')
    }
    if (this.#dates.size >= LIMIT) this.#dates.clear()
    this.#dates.set(key, date as IsoDate)
    return date as IsoDate
  }
}
