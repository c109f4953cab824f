import { z } from 'zod'
import type { Clock } from '../../../clock/clock.ts'
import type { CallGate } from '../../calls/call-gate.ts'
import { Malformed } from '../../calls/provider-errors.ts'
import { statusError } from '../../calls/status-error.ts'
import { errorInWords } from './yahoo-errors.ts'

export interface YahooFetchPorts {
  /** `YAHOO_BASE_URL`: where every call goes instead of Yahoo's own hosts; null = to those. */
  readonly baseUrl: string | null
  readonly gate: CallGate
  readonly clock: Clock
  readonly fetch: typeof fetch
}

/** What one question does with its HTTP calls. */
export interface Question {
  readonly signal: AbortSignal
  /** Sees the data before the client does; what it throws fails the question. */
  readonly inspect?: (answer: unknown) => void
}

/** Hosts that serve data; all others only take part in handing out cookies. */
const DATA_HOST = /^query\d*\./
const CRUMB_PATH = '/v1/test/getcrumb'

/**
 * The `fetch` that the client makes one question with. Every single HTTP call, also those for cookies
 * and crumb, goes through the gate and, with a base URL, to that host under the same path. Redirects are
 * never followed, so that none leads back to Yahoo's hosts.
 *
 * The client sees data only: a failure is thrown here as what it is, since the client would print the
 * URL of a 429 and make one plain Error of all others. Cookies of data answers are withheld: the client
 * stores them without waiting, and a bad one would end the process.
 */
export function yahooFetch(ports: YahooFetchPorts, question: Question): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const target = ports.baseUrl === null ? url : rebased(url, ports.baseUrl)
    const { response, body } = await ports.gate.run(async (signal) => {
      const response = await ports.fetch(target, { ...init, redirect: 'manual', signal })
      const body = await response.text()
      const isBroken = response.status === 429 || response.status >= 500
      if (isBroken) throw errorOfStatus(response, ports.clock)
      return { response, body }
    }, question.signal)
    if (!DATA_HOST.test(url.hostname)) return replay(response, body)
    if (url.pathname === CRUMB_PATH) return crumbOf(response, body, ports.clock)
    const answer = parseJson(body)
    const error = errorInWords(descriptionIn(answer) ?? (response.ok ? '' : body))
    if (error !== null) throw error
    if (!response.ok) throw errorOfStatus(response, ports.clock)
    if (answer === undefined) throw notJson(body)
    question.inspect?.(answer)
    return new Response(body)
  }
}

function rebased(url: URL, baseUrl: string): URL {
  return new URL(`${baseUrl.replace(/\/+$/, '')}${url.pathname}${url.search}`)
}

function errorOfStatus({ status, headers }: Response, clock: Clock) {
  return statusError('yahoo', status, headers.get('retry-after'), clock.now().toJSDate())
}

/** A page on the way to the cookies; what its status is does not matter to the client. */
function replay({ headers, status }: Response, body: string): Response {
  const isRedirect = status >= 300 && status < 400
  const page = new Response(body, { headers, status: isRedirect ? status : 200 })
  // The client knows an array by `instanceof`, and those of `fetch` are not its own where a program runs
  // in a context of its own, as tests do.
  const cookies = Array.from(headers.getSetCookie())
  Object.defineProperty(page.headers, 'getSetCookie', { value: () => cookies })
  return page
}

function crumbOf(response: Response, body: string, clock: Clock): Response {
  const error = errorInWords(descriptionIn(parseJson(body)) ?? '')
  if (error !== null) throw error
  if (!response.ok) throw errorOfStatus(response, clock)
  if (!/^[^\s<{]+$/.test(body)) throw new Malformed('yahoo gave no crumb', 'getcrumb')
  return new Response(body)
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // Undefined is no JSON value: the caller tells such an answer from every other.
    return undefined
  }
}

function notJson(body: string): Malformed {
  const what = body.trim() === '' ? 'is empty' : 'is no JSON'
  return new Malformed(`yahoo's answer ${what}: ${body.slice(0, 80)}`, 'answer')
}

/** `{"chart": {"result": null, "error": {"code": …, "description": …}}}`, whatever the outer name. */
const failure = z
  .record(z.string(), z.object({ error: z.object({ description: z.string() }) }))
  .transform((answer) => Object.values(answer)[0]?.error.description ?? null)

function descriptionIn(answer: unknown): string | null {
  return failure.safeParse(answer).data ?? null
}
