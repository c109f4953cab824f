import { SigmaSightError } from '../errors/index.ts'

export const FIRST_YEAR = 1990
export const LAST_YEAR = 2050

/** A question about sessions outside the years the calendar knows. */
export class CalendarRangeError extends SigmaSightError {
  readonly kind = 'calendar_range'

  /** @param wanted what was asked for, e.g. `1985-03-01` or `the session before 1990-01-02` */
  constructor(wanted: string) {
    super(
      `${wanted} is outside the calendar, which knows the sessions of ${FIRST_YEAR} to ${LAST_YEAR}`,
    )
  }
}
