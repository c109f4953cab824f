import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startFakeMarket, type FakeMarket } from '@sigmasight/fake-market'
import { sql } from 'kysely'
import { addToUniverse } from '../../../packages/core/test/batch/batch-world.ts'
import { fakeSourceOf } from '../../../packages/core/test/batch/fake-source.ts'
import { ScriptedMarket } from '../../../packages/core/test/batch/scripted-market.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../../packages/core/test/harness/test-database.ts'
import { BatchCommand, type Environment } from './batch-command.ts'

const STOCKS = ['ALTO', 'DYNA', 'LOOM', 'XENO', 'ZINC']
const NIGHTS = ['2025-07-10', '2025-07-11']
const nightAfter = (session: string) => `${session}T23:59:00Z`

interface Stored {
  readonly bars: readonly unknown[]
  readonly betas: readonly { readonly key: string; readonly beta: number }[]
}

describe('the symbol batch on providers over HTTP', () => {
  let market: ScriptedMarket
  let fake: FakeMarket
  let fromFile: Stored
  beforeAll(async () => {
    market = await ScriptedMarket.create(STOCKS, { from: '2024-05-01', to: '2025-07-14' })
    fake = await startFakeMarket({
      source: fakeSourceOf(market),
      now: () => new Date(nightAfter('2025-07-11')),
      random: () => 0.5,
    })
    fromFile = await storedAfterNights({
      PRICE_PROVIDERS: 'file',
      PRICE_FILE_PATH: market.write(),
    })
  })
  afterAll(async () => {
    await fake.stop()
    market[Symbol.dispose]()
  })

  const vendors = (): Environment => ({
    YAHOO_BASE_URL: fake.url,
    YAHOO_RATE_PER_MINUTE: '100000',
    POLYGON_BASE_URL: fake.url,
    POLYGON_API_KEY: 'test',
    POLYGON_RATE_PER_MINUTE: '100000',
  })

  /** Runs the program on two nights, each in the fake market's time, and reads what it stored. */
  async function storedAfterNights(
    env: Environment,
    check?: (store: TestDatabase) => Promise<void>,
  ) {
    const store = await createTestDatabase()
    try {
      await addToUniverse(store, STOCKS)
      for (const night of NIGHTS) {
        fake.setNow(new Date(nightAfter(night)))
        const command = new BatchCommand({
          DATABASE_URL: store.url,
          SIGMASIGHT_NOW: nightAfter(night),
          ...env,
        })
        expect(await command.result([])).toMatchObject({
          status: expect.stringMatching(/^completed/),
          missing_symbols: [],
        })
      }
      await check?.(store)
      return await readStored(store)
    } finally {
      await store.drop()
    }
  }

  function expectSame(stored: Stored): void {
    expect(stored.bars).toEqual(fromFile.bars)
    expect(stored.betas.map(({ key }) => key)).toEqual(fromFile.betas.map(({ key }) => key))
    for (const [i, { beta }] of stored.betas.entries()) {
      expect(beta).toBeCloseTo(fromFile.betas[i]?.beta ?? NaN, 6)
    }
  }

  test('of Yahoo stores what the same market stores from a file, and its profiles', async () => {
    const stored = await storedAfterNights(
      { ...vendors(), PRICE_PROVIDERS: 'yahoo' },
      async (store) => {
        const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from company_profiles where sector = 'Technology'
      `.execute(store.database.db)
        expect(rows[0]?.n).toBe(market.symbols.length)
      },
    )
    expectSame(stored)
  })

  test('of Polygon alone stores the same; the second night takes whole days of the market', async () => {
    const before = fake.requests.length
    expectSame(await storedAfterNights({ ...vendors(), PRICE_PROVIDERS: 'polygon' }))
    const grouped = fake.requests.slice(before).filter(({ endpoint }) => endpoint === 'grouped')
    expect(grouped).toHaveLength(4)
  })

  test('goes on to the second provider when the first is down', async () => {
    fake.setScript({
      rules: [{ match: { vendor: 'yahoo' }, fault: { kind: 'status', status: 503 } }],
    })
    expectSame(await storedAfterNights({ ...vendors(), PRICE_PROVIDERS: 'yahoo,polygon' }))
  })
})

async function readStored({ database }: TestDatabase): Promise<Stored> {
  const bars = await sql`
    select symbol, date, round(close, 4) as close, round(dividend, 4) as dividend, split_ratio
    from market_data_cache where date >= '2024-06-03' order by 1, 2
  `.execute(database.db)
  const betas = await sql<{ key: string; beta: number }>`
    select e.symbol || ' ' || d.name || ' ' || e.calculation_date as key, e.beta_value as beta
    from symbol_factor_exposures e join factor_definitions d on d.id = e.factor_id
    where d.calculation_method <> 'provider' order by 1
  `.execute(database.db)
  return { bars: bars.rows, betas: betas.rows }
}
