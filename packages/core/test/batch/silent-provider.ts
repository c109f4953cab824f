import { once } from 'node:events'
import type { MarketDataProvider } from '../../src/market-data/index.ts'

/** A provider that never answers; it gives up when the run is stopped. `asked` resolves at the first question. */
export function silentProvider(): MarketDataProvider & { readonly asked: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  return {
    name: 'silent',
    asked: promise,
    servesDailyBars: () => true,
    expectedCalls: () => 0,
    // eslint-disable-next-line require-yield -- it never answers
    async *dailyBars(_requests, { signal }) {
      resolve(undefined)
      await once(signal, 'abort')
      throw signal.reason
    },
  }
}
