import { coerceError } from '../errors/index.ts'

/** How a message leaves the process. */
export interface HttpPorts {
  readonly fetch: typeof fetch
  /** Waits that many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>
  /** Longest time for one attempt, the reading of the answer's head included. */
  readonly timeoutMs: number
}

/** Pauses before the second, third and fourth attempt. */
export const RETRY_PAUSES_MS: readonly number[] = [1_000, 3_000, 9_000]
const LONGEST_RETRY_AFTER_MS = 30_000

/**
 * Sends a request until it is accepted (2xx): again after each of the pauses when the server could not
 * be reached, did not answer in time, answered 5xx, or asked for fewer calls (then after the pause it
 * names, up to half a minute). Another answer will not change and is not asked for again.
 *
 * @returns why it was not accepted; null when it was. Never throws, and never tells the address, which
 *   is a secret.
 */
export async function deliver(
  url: string,
  init: RequestInit,
  ports: HttpPorts,
  pauses: readonly number[] = RETRY_PAUSES_MS,
): Promise<string | null> {
  for (let attempt = 0; ; attempt++) {
    const outcome = await attemptOnce(url, init, ports)
    if (outcome === null) return null
    const pause = pauses[attempt]
    if (pause === undefined || !outcome.isPassing) return outcome.reason
    await ports.sleep(outcome.retryAfterMs ?? pause)
  }
}

interface Refusal {
  readonly reason: string
  /** Whether another attempt may fare better. */
  readonly isPassing: boolean
  readonly retryAfterMs?: number
}

async function attemptOnce(
  url: string,
  init: RequestInit,
  ports: HttpPorts,
): Promise<Refusal | null> {
  let response: Response
  try {
    response = await ports.fetch(url, { ...init, signal: AbortSignal.timeout(ports.timeoutMs) })
  } catch (thrown) {
    return { reason: `not reached: ${describe(coerceError(thrown))}`, isPassing: true }
  }
  // What is not read would keep the connection busy; what it says is of no interest.
  await response.body?.cancel().catch(() => undefined)
  if (response.ok) return null
  const reason = `answered ${response.status}`
  if (response.status !== 429) return { reason, isPassing: response.status >= 500 }
  const seconds = Number(response.headers.get('retry-after') ?? 'none')
  if (!(seconds >= 0)) return { reason, isPassing: true }
  const retryAfterMs = Math.min(seconds * 1000, LONGEST_RETRY_AFTER_MS)
  return { reason, isPassing: true, retryAfterMs }
}

/** The kind of failure alone, from the deepest cause: messages of fetch may quote the address. */
function describe(error: Error): string {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown }
  if (cause !== undefined) return describe(cause as Error)
  return typeof code === 'string' ? code : error.name
}
