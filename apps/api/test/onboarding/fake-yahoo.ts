import { createSyntheticMarket, DEMO_SEED } from '@sigmasight/core/market-data'
import { startFakeMarket, type FakeMarket } from '../../../../packages/fake-market/src/index.ts'
import { syntheticSource } from '../../../../scripts/src/fake-market/synthetic-source.ts'
import { NOW } from './onboarding-world.ts'

/** Listed a few days before the tests' present. */
export const YOUNG = 'QUAY'
const FIRST_DAY_OF_YOUNG = '2025-07-07'

/** A server that answers as Yahoo does, with the synthetic market's prices up to the tests' present. */
export function startFakeYahoo(): Promise<FakeMarket> {
  const source = syntheticSource(createSyntheticMarket({ seed: DEMO_SEED }))
  const young = Promise.resolve(source.bars(YOUNG)).then(
    (bars) => bars?.filter(({ date }) => date >= FIRST_DAY_OF_YOUNG) ?? null,
  )
  return startFakeMarket({
    source: { ...source, bars: (symbol) => (symbol === YOUNG ? young : source.bars(symbol)) },
    now: () => new Date(NOW),
    random: () => 0.5,
  })
}

/** The environment of a server that asks it. */
export function envOf({ url }: FakeMarket): Record<string, string> {
  return {
    PRICE_PROVIDERS: 'yahoo',
    YAHOO_BASE_URL: url,
    YAHOO_RATE_PER_MINUTE: '100000',
    PROVIDER_MAX_RETRIES: '0',
  }
}

/** The symbols that were asked for prices. */
export function askedSymbols({ requests }: FakeMarket): readonly string[] {
  const charts = requests.filter(({ endpoint }) => endpoint === 'chart')
  return [...new Set(charts.flatMap(({ symbols }) => symbols ?? []))].sort()
}
