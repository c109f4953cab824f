import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 10
/** Below a test's own limit, which does not say what was waited for. */
const LIMIT_MS = 120_000

/**
 * Looks until what is awaited is there and answers it; by default, until a look finds something that is
 * true. Wait for what stays: a state that passes may be gone between two looks.
 *
 * @param what is awaited, for the message when it does not come
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
): Promise<Exclude<T, undefined | null | false>>
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  isThere: (seen: T) => boolean,
): Promise<T>
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  isThere: (seen: T) => boolean = Boolean,
): Promise<T> {
  const limit = performance.now() + LIMIT_MS
  for (;;) {
    const seen = await look()
    if (isThere(seen)) return seen
    if (performance.now() > limit) {
      throw new Error(
        `${what}: not within ${LIMIT_MS / 1000} s; last seen: ${JSON.stringify(seen)}`,
      )
    }
    await sleep(POLL_MS)
  }
}
