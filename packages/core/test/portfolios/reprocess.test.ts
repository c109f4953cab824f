import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Reprocess } from '../../src/batch/run-request.ts'
import { range } from '../batch/batch-world.ts'
import { PortfolioWorld } from './portfolio-world.ts'

const [MON, TUE, WED] = ['2025-07-07', '2025-07-08', '2025-07-09']

describe('--reprocess of portfolio-refresh', () => {
  let world: PortfolioWorld
  let one: string
  let two: string
  beforeAll(async () => {
    world = await PortfolioWorld.create()
  })
  afterAll(() => world[Symbol.asyncDispose]())
  beforeEach(async () => {
    await world.clear()
    await world.bars('SPY', { [MON]: '600', [TUE]: '601', [WED]: '602' })
    ;[one, two] = [await holder('one'), await holder('two')]
  })

  async function holder(name: string): Promise<string> {
    const id = await world.portfolio({ name, equity: '10000.00', asOf: MON })
    await world.lot(id, { symbol: 'SPY', quantity: '10', entry: '590', entryDate: MON })
    return id
  }

  /** Each date that is worked on with the number of its portfolios. */
  async function worked(reprocess: Reprocess, from = MON, to = WED) {
    const { status, reason, dates } = await world.refresh(WED, { ...range(from, to), reprocess })
    expect(status).toBe('completed')
    if (reason === 'nothing_to_do') return {}
    return Object.fromEntries(
      dates.map(({ date, phases }) => [date, phases['regression_guard']?.processed]),
    )
  }

  const versions = () =>
    world.rows(sql`select id, xmin::text as version from portfolio_snapshots order by id`)

  const failed = (portfolioId: string, date: string, phase: string) =>
    sql`
      insert into batch_jobs (batch_run_id, job_name, job_type, item_id, portfolio_id, status, job_metadata)
      values (gen_random_uuid(), ${phase}, 'portfolio_refresh', ${portfolioId}, ${portfolioId}, 'failed',
              jsonb_build_object('session', ${date}::text))
    `.execute(world.db)

  test('missing is the snapshots that are not there', async () => {
    await world.nights(MON, TUE)
    await failed(one, MON, 'analytics')
    expect(await worked('missing')).toEqual({ [WED]: 2 })
  })

  test('all is everything in the range, and the snapshots after it', async () => {
    await world.nights(MON, WED)
    expect(await worked('all', MON, MON)).toEqual({ [MON]: 2, [TUE]: 2, [WED]: 2 })
    expect(await worked('all', WED, WED)).toEqual({ [WED]: 2 })
  })

  test('failed is the sessions a portfolio failed on, once; its snapshot stays as it is', async () => {
    await world.nights(MON, WED)
    const before = await versions()
    await failed(one, TUE, 'analytics')
    await failed(two, '2025-07-03', 'snapshots')
    expect(await worked('failed')).toEqual({ [TUE]: 1 })
    expect(await worked('failed')).toEqual({})
    expect(await versions()).toEqual(before)
  })

  test('failed is again what fails again', async () => {
    await world.nights(MON, WED)
    await failed(one, TUE, 'analytics')
    await worked('failed')
    await failed(one, TUE, 'analytics')
    expect(await worked('failed')).toEqual({ [TUE]: 1 })
  })

  test('failed makes the snapshot that could not be made, and leaves what is merely missing', async () => {
    await world.nights(MON, MON)
    await failed(one, TUE, 'snapshots')
    expect(await worked('failed')).toEqual({ [TUE]: 1 })
    expect([await world.sessions(one), await world.sessions(two)]).toEqual([[MON, TUE], [MON]])
    expect(await worked('missing')).toEqual({ [TUE]: 1, [WED]: 2 })
  })

  test('failed makes a snapshot that could not be made anew once more, with all after it', async () => {
    await world.nights(MON, WED)
    await sql`update portfolio_snapshots set cash_value = 1 where portfolio_id = ${one} and snapshot_date = ${TUE}`.execute(
      world.db,
    )
    await failed(one, TUE, 'snapshots')
    expect(await worked('failed')).toEqual({ [TUE]: 1, [WED]: 1 })
    expect(await world.snapshots(one, 'cash_value')).toEqual(
      await world.snapshots(two, 'cash_value'),
    )
  })

  test('failed is every portfolio on a session of which a phase is recorded as failed', async () => {
    await world.nights(MON, WED)
    await sql`
      update batch_run_tracking
      set phases = jsonb_set(phases, '{stress_tests,status}', '"failed"')
      where batch_type = 'portfolio_refresh' and batch_date = ${TUE}
    `.execute(world.db)
    expect(await worked('failed', WED, WED)).toEqual({})
    expect(await worked('failed')).toEqual({ [TUE]: 2 })
    expect(await worked('failed')).toEqual({})
  })
})
