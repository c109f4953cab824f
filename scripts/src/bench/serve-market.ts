import { createSyntheticMarket } from '@sigmasight/core/market-data'
import { startFakeMarket } from '@sigmasight/fake-market'
import { syntheticSource } from '../fake-market/synthetic-source.ts'
import { MARKET_SEED } from './file-market.ts'

/**
 * Serves the bench's market as both vendors do, in a process of its own: `serve-market.ts EXTRA_SYMBOLS NOW`.
 * Says its address once every history is there, so that no request waits for one to be made.
 */
const [extraSymbols, now] = process.argv.slice(2)
const market = createSyntheticMarket({ seed: MARKET_SEED, extraSymbols: Number(extraSymbols) })
const source = syntheticSource(market)
for (const symbol of market.symbols) await source.bars(symbol)
const fake = await startFakeMarket({
  source,
  now: () => new Date(now ?? ''),
  random: () => 0.5,
})
process.stdout.write(`${fake.url}\n`)
