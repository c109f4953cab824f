import {
  RateLimited,
  Refused,
  Unavailable,
  UnknownSymbol,
  type ProviderError,
} from './provider-errors.ts'

const MS_PER_SECOND = 1000
/** Statuses of answers that may be another one a moment later: request timeout, too early. */
const PASSING = new Set([408, 425])

/**
 * What an HTTP status that is no success says: 429 → RateLimited; 5xx, 408, 425 → Unavailable, both with
 * what Retry-After asks for; 404, 410 → UnknownSymbol; 401, 403 and all others (a redirect, a request
 * that is wrong) → Refused, since asking the same again gives the same answer.
 *
 * @param retryAfter the header as served: seconds, or an HTTP date that is compared with `now`; one that
 *   is neither counts as absent (null), one that has passed as 0
 */
export function statusError(
  provider: string,
  status: number,
  retryAfter: string | null,
  now: Date,
): ProviderError {
  const answered = `${provider} answered ${status}`
  const retryAfterMs = parseRetryAfter(retryAfter, now)
  if (status === 429) {
    return new RateLimited(`${answered}: asked too often${inWords(retryAfterMs)}`, retryAfterMs)
  }
  if (status >= 500 || PASSING.has(status)) {
    return new Unavailable(`${answered}: broken for now${inWords(retryAfterMs)}`, { retryAfterMs })
  }
  if (status === 404 || status === 410) {
    return new UnknownSymbol(`${answered}: it has no such symbol`)
  }
  if (status === 401) return new Refused(`${answered}: it does not accept our key; check it`)
  if (status === 403) return new Refused(`${answered}: our key or plan does not include this`)
  return new Refused(`${answered}: it does not accept the request`)
}

/** RFC 9110, 10.2.3: a number of seconds or a date in GMT. A date without a zone would be read as local. */
function parseRetryAfter(text: string | null, now: Date): number | null {
  const value = text?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * MS_PER_SECOND
  if (!/^[A-Z][a-z]+, .* GMT$/.test(value)) return null
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime())
}

function inWords(retryAfterMs: number | null): string {
  return retryAfterMs === null ? '' : `, ask again in ${Math.ceil(retryAfterMs / MS_PER_SECOND)} s`
}
