import { SigmaSightError } from '../errors/index.ts'
import type { Ticker } from './ticker.ts'

/** A text that cannot be a symbol. */
export class InvalidTickerError extends SigmaSightError {
  readonly kind = 'invalid_ticker'

  constructor(text: string) {
    super(
      `"${text}" is not a symbol: expected 1 to 32 of A-Z, 0-9, and . - ^ = that begin with a letter, digit or ^`,
    )
  }
}

const TICKER = /^[A-Z0-9^][A-Z0-9.^=-]{0,31}$/
const TICKER_IN_ANY_CASE = new RegExp(TICKER.source, 'i')

/** Whether a text is a symbol as stored: upper case, allowed characters only. */
export function isTicker(text: string): text is Ticker {
  return TICKER.test(text)
}

/** The symbol that a text names; case and surrounding spaces do not matter. Throws InvalidTickerError. */
export function parseTicker(text: string): Ticker {
  const trimmed = text.trim()
  // Judged before upper-casing, which would turn "ß" into the ticker "SS".
  if (!TICKER_IN_ANY_CASE.test(trimmed)) throw new InvalidTickerError(text)
  return trimmed.toUpperCase() as Ticker
}
