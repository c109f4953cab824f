import { SigmaSightError } from '../errors/index.ts'

/** A text that is not a date, or a day that does not exist. */
export class InvalidDateError extends SigmaSightError {
  readonly kind = 'invalid_date'

  constructor(text: string) {
    super(`"${text}" is not a date: expected YYYY-MM-DD, a day that exists`)
  }
}
