import { SigmaSightError } from '../errors/index.ts'
import type { Ticker } from './ticker.ts'

/** A text that cannot be a symbol. */
export class InvalidTickerError extends SigmaSightError {
  readonly kind = 'invalid_ticker'

  constructor(text: string) {
    super(`"${text}" is not a symbol: expected 1 to 32 of A-Z, 0-9, and . - ^ = with no space`)
  }
}

const TICKER = /^[A-Z0-9^][A-Z0-9.^=-]{0,31}$/

/** Whether a text is a symbol as stored: upper case, allowed characters only. */
export function isTicker(text: string): text is Ticker {
  return TICKER.test(text)
}

/** The symbol that a text names; case and surrounding spaces do not matter. Throws InvalidTickerError. */
export function parseTicker(text: string): Ticker {
  const ticker = text.trim().toUpperCase()
  if (!isTicker(ticker)) throw new InvalidTickerError(text)
  return ticker
}
