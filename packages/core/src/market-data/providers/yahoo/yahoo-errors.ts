import { coerceError, SigmaSightError } from '../../../errors/index.ts'
import { failureOf, type Failure } from '../../calls/failure-of.ts'
import { isProviderError } from '../../calls/provider-error-of.ts'
import {
  Delisted,
  Malformed,
  RateLimited,
  Unavailable,
  UnknownSymbol,
  type ProviderError,
} from '../../calls/provider-errors.ts'

/** Yahoo knows the symbol but has nothing of what was asked. */
export class NothingServed extends SigmaSightError {
  readonly kind = 'nothing_served'
}

/** Served prices may carry a split that nobody has told of. */
export class UnknownLaterSplits extends SigmaSightError {
  readonly kind = 'unknown_later_splits'
}

/** The crumb (a token that goes with the cookies) is no longer valid. */
export class StaleCrumb extends SigmaSightError {
  readonly kind = 'stale_crumb'
}

export type YahooError = ProviderError | NothingServed | UnknownLaterSplits | StaleCrumb

export interface YahooFailure<Nothing extends string> {
  readonly reason: Failure['reason'] | 'unknown_later_splits' | Nothing
  readonly detail: string
  readonly retryable: boolean
}

/** A client's message may quote a whole page. */
const MESSAGE_LIMIT = 200

/** What Yahoo's own words mean; null when they say no more than the HTTP status does. */
export function errorInWords(description: string): YahooError | null {
  const message = `yahoo says: ${description.slice(0, MESSAGE_LIMIT)}`
  if (/^invalid (crumb|cookie)/i.test(description)) return new StaleCrumb(message)
  // "No data found, symbol may be delisted" is the answer for symbols that never existed as well.
  if (/^no data found|not found for (ticker )?symbol/i.test(description)) {
    return new UnknownSymbol(message)
  }
  if (
    /^(400 bad request: )?data doesn't exist for startdate|^no fundamentals data found/i.test(
      description,
    )
  ) {
    return new NothingServed(message)
  }
  if (/may be delisted/i.test(description)) return new Delisted(message)
  if (/too many requests/i.test(description)) return new RateLimited(message, null)
  return null
}

/**
 * Whatever a question to the client threw, as one of our kinds. The client's own errors are plain:
 * either it could not get a crumb, or it did not understand the answer.
 */
export function toYahooError(thrown: unknown): YahooError {
  if (isYahooError(thrown)) return thrown
  const { message } = coerceError(thrown)
  const short = message.slice(0, MESSAGE_LIMIT)
  return /crumb|cookie|consent/i.test(message)
    ? new Unavailable(`yahoo gave no session: ${short}`, { cause: thrown })
    : new Malformed(`yahoo's answer is not understood: ${short}`, 'answer', { cause: thrown })
}

function isYahooError(thrown: unknown): thrown is YahooError {
  const isOwn = [NothingServed, StaleCrumb, UnknownLaterSplits].some(
    (kind) => thrown instanceof kind,
  )
  return isOwn || isProviderError(thrown)
}

/**
 * An error as the part of an outcome that says why a symbol has none; `nothing` is what the outcome
 * calls it when Yahoo has nothing of what was asked.
 */
export function yahooFailure<Nothing extends 'no_bars' | 'no_data'>(
  error: YahooError,
  nothing: Nothing,
): YahooFailure<Nothing> {
  const detail = error.message
  switch (error.kind) {
    case 'nothing_served':
      return { reason: nothing, detail, retryable: false }
    case 'unknown_later_splits':
      // The split will be listed once a later session has been traded, or be known from elsewhere.
      return { reason: error.kind, detail, retryable: true }
    case 'stale_crumb':
      return { reason: 'unavailable', detail, retryable: true }
    default:
      return failureOf(error)
  }
}
