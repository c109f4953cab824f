import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { isLockFree } from '../../src/database/index.ts'
import type { MarketDataProvider } from '../../src/market-data/index.ts'
import { hashResults } from '../harness/result-tables.ts'
import { insertFacts, type PortfolioFact } from '../portfolios/facts.ts'
import { BatchWorld, sessionsFrom } from './batch-world.ts'
import { ScriptedMarket } from './scripted-market.ts'

const STOCKS = ['ALTO', 'LOOM', 'ZINC']
const MONTH = sessionsFrom('2025-07-01', '2025-07-31')
const [FIRST = '', SECOND = ''] = MONTH
const LAST = MONTH.at(-1) ?? ''

const PORTFOLIOS: readonly PortfolioFact[] = [
  {
    name: 'long',
    equity: '100000.00',
    asOf: FIRST,
    lots: [
      { symbol: 'ALTO', quantity: '100', entry: '80', entryDate: '2025-06-02' },
      { symbol: 'LOOM', quantity: '200', entry: '30', entryDate: '2025-07-08' },
    ],
    flows: [{ date: '2025-07-15', amount: '2500' }],
  },
  {
    name: 'short',
    equity: '50000.00',
    asOf: '2025-07-10',
    lots: [{ symbol: 'ZINC', quantity: '-150', entry: '60', entryDate: '2025-07-10' }],
  },
]

describe('the combined batch and the two programs', () => {
  let market: ScriptedMarket
  beforeAll(async () => {
    market = await ScriptedMarket.create(STOCKS, { from: '2024-05-01', to: LAST })
  })
  afterAll(() => {
    market[Symbol.dispose]()
  })

  async function newWorld(): Promise<BatchWorld> {
    const world = await BatchWorld.create(STOCKS, market.provider())
    const { rows } = await sql<{ id: string }>`
      insert into users (email, password_hash, full_name) values ('owner@example.com', '!', 'Owner')
      returning id
    `.execute(world.db)
    await insertFacts(world.db, rows[0]?.id ?? '', { portfolios: PORTFOLIOS, bars: {} })
    return world
  }

  async function v2Night(world: BatchWorld, evening: string): Promise<void> {
    await world.run(evening)
    await world.refresh(evening)
  }

  test('leave the same tables when a month of nights switches back and forth between them', async () => {
    await using switching = await newWorld()
    await using steady = await newWorld()
    for (const [i, evening] of MONTH.entries()) {
      if (i % 2 === 0) await switching.runLegacy(evening)
      else await v2Night(switching, evening)
      await v2Night(steady, evening)
    }
    const tables = await hashResults(steady.db)
    expect(tables['portfolio_snapshots']?.rows).toBe(
      MONTH.length + sessionsFrom('2025-07-10', LAST).length,
    )
    expect(await hashResults(switching.db)).toEqual(tables)
  }, 480_000)

  test('are one run in the combined mode: one row, one result with the phases of both', async () => {
    await using world = await newWorld()
    const result = await world.runLegacy(FIRST)
    expect(result).toMatchObject({
      job_type: 'legacy_batch',
      mode: 'legacy',
      portfolios_processed: 1,
      symbols_processed: STOCKS.length + 8,
    })
    expect(Object.keys(result.dates[0]?.phases ?? {})).toEqual(
      expect.arrayContaining(['prices', 'factors', 'snapshots', 'exposures', 'stress_tests']),
    )
    expect(await world.rows('select job_type from batch_run_history')).toEqual([
      { job_type: 'legacy_batch' },
    ])
    expect(
      await world.rows('select batch_type, status from batch_run_tracking order by 1'),
    ).toEqual([
      { batch_type: 'portfolio_refresh', status: result.dates[0]?.status },
      { batch_type: 'symbol_batch', status: expect.stringMatching(/^completed/) },
    ])
    expect(await world.runLegacy(FIRST)).toMatchObject({ reason: 'nothing_to_do' })
  })

  test('leave portfolios out when the prices of the target failed, and make up for it later', async () => {
    using holed = market.copy()
    holed.remove('SPY', SECOND)
    await using world = await newWorld()
    await world.runLegacy(FIRST)
    const broken = await world.runLegacy(SECOND, { providers: [holed.provider()] })
    expect(broken).toMatchObject({ status: 'failed', portfolios_processed: 0 })
    expect(broken.alerts).toContain(
      `portfolio_refresh left out: the run failed on ${SECOND} before`,
    )
    expect(await snapshotsOn(world, SECOND)).toBe(0)
    const mended = await world.runLegacy(SECOND)
    expect(mended.dates.map(({ date }) => date)).toEqual([SECOND])
    expect(await snapshotsOn(world, SECOND)).toBe(1)
  })

  test('exclude each other: the combined run holds the locks of both', async () => {
    await using world = await newWorld()
    const free: boolean[] = []
    const provider = market.provider()
    const looking: MarketDataProvider = {
      ...provider,
      async *dailyBars(requests, options) {
        for (const name of ['symbol_batch', 'portfolio_refresh', 'legacy_batch']) {
          free.push(await isLockFree(world.db, name))
        }
        expect(await world.run(FIRST)).toMatchObject({ reason: 'already_running' })
        yield* provider.dailyBars(requests, options)
      },
    }
    await world.runLegacy(FIRST, { providers: [looking] })
    expect(free).toEqual([false, false, false])
  })

  async function snapshotsOn(world: BatchWorld, date: string): Promise<number> {
    return (await world.rows(`select from portfolio_snapshots where snapshot_date = '${date}'`))
      .length
  }
})
