/** Waits for a promise, but no longer than until the signal aborts. @throws the signal's reason then */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => {
    aborted.reject(signal.reason)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    // Even when it is too late already: a rejection of the promise must not go unhandled.
    return await Promise.race([aborted.promise, promise])
  } catch (thrown) {
    // What waited under the same signal may have noticed the abort first, with an error of its own.
    signal.throwIfAborted()
    throw thrown
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
