import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { judgeRun } from '../../src/alerts/judge-run.ts'
import { nightlyRequest } from '../batch/batch-world.ts'
import { PortfolioWorld } from './portfolio-world.ts'

const [MON, TUE, WED, THU] = ['2025-07-07', '2025-07-08', '2025-07-09', '2025-07-10']

describe('a portfolio that fails', () => {
  let world: PortfolioWorld
  let good: string
  let bad: string
  let other: string
  beforeAll(async () => {
    world = await PortfolioWorld.create()
  })
  afterAll(async () => {
    await world[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    await world.clear()
    await world.bars('ACME', { [MON]: '50', [TUE]: '51', [WED]: '52', [THU]: '53' })
    ;[good, bad, other] = [await holder('good'), await holder('bad'), await holder('other')]
  })

  async function holder(name: string): Promise<string> {
    const id = await world.portfolio({ name, equity: '1000.00', asOf: MON })
    await world.lot(id, { symbol: 'ACME', quantity: '10', entry: '50', entryDate: MON })
    return id
  }

  /** Makes the server refuse the portfolio's snapshots from a date on, the first `times` times (by a sequence, which no rollback undoes). */
  async function refuse(portfolioId: string, from: string, times: number): Promise<void> {
    await heal()
    await sql`create sequence refusals`.execute(world.db)
    await sql`
      create function refuse() returns trigger language plpgsql as $$
      begin
        if new.portfolio_id = ${sql.lit(portfolioId)} and new.snapshot_date >= ${sql.lit(from)}
           and nextval('refusals') <= ${sql.lit(times)} then
          raise exception 'refused by the test';
        end if;
        return new;
      end $$
    `.execute(world.db)
    await sql`
      create trigger refuse before insert on portfolio_snapshots
      for each row execute function refuse()
    `.execute(world.db)
  }

  async function heal(): Promise<void> {
    await sql`drop function if exists refuse cascade`.execute(world.db)
    await sql`drop sequence if exists refusals`.execute(world.db)
  }

  const jobs = () =>
    world.rows(sql`
      select job_name, item_id, portfolio_id::text, status, reason, error_category, attempts,
             error_message, job_metadata ->> 'session' as session
      from batch_jobs
    `)

  test('holds up no other, gets no later date, is recorded, and is done when the cause is gone', async () => {
    await refuse(bad, TUE, 1000)
    const result = await world.refresh(WED)
    expect(await world.sessions(good)).toEqual([MON, TUE, WED])
    expect(await world.sessions(other)).toEqual([MON, TUE, WED])
    expect(await world.sessions(bad)).toEqual([MON])
    expect(result.status).toBe('completed_with_warnings')
    const counts = result.dates.map(({ date, status, phases: { snapshots } }) => [
      date,
      status,
      snapshots?.processed,
      snapshots?.failed,
      snapshots?.reasons,
    ])
    expect(counts).toEqual([
      [MON, 'completed', 3, 0, {}],
      [TUE, 'completed_with_warnings', 2, 1, { snapshot_failed: 1 }],
      [WED, 'completed', 2, 0, {}],
    ])
    expect(await jobs()).toEqual([
      {
        job_name: 'snapshots',
        item_id: bad,
        portfolio_id: bad,
        status: 'failed',
        reason: 'snapshot_failed',
        error_category: 'data',
        attempts: 2,
        error_message: 'refused by the test',
        session: TUE,
      },
    ])
    await heal()
    await world.refresh(THU)
    for (const id of [good, bad, other]) {
      expect(await world.snapshots(id, 'equity_balance')).toEqual([
        [MON, '1000.00'],
        [TUE, '1010.00'],
        [WED, '1020.00'],
        [THU, '1030.00'],
      ])
    }
  })

  test('is one alert when more than a tenth of them do', async () => {
    await refuse(bad, TUE, 1000)
    const result = await world.refresh(TUE)
    await heal()
    expect(result.alerts).toEqual([])
    const request = { ...nightlyRequest, jobType: 'portfolio_refresh' } as const
    const facts = { symbolsMinShare: 0.8, medianSymbols: null, activePortfolios: 3 }
    const { alerts } = judgeRun(result, request, { ...facts, currentPortfolios: 3 })
    expect(alerts.map(({ key }) => key)).toEqual(['portfolio_refresh.failed_share'])
  })

  test('is tried once more after a second', async () => {
    // With the others, then by itself: the third time is the retry.
    await refuse(bad, TUE, 2)
    const result = await world.refresh(TUE)
    await heal()
    expect(result.status).toBe('completed')
    expect(result.dates.at(-1)?.phases['snapshots']).toMatchObject({
      processed: 3,
      failed: 0,
      metrics: { success_on_retry: 1 },
    })
    expect(await world.sessions(bad)).toEqual([MON, TUE])
    expect(await jobs()).toEqual([])
  })

  test('fails the run when it is all of them', async () => {
    for (const id of [good, other])
      await sql`update portfolios set is_active = false where id = ${id}`.execute(world.db)
    await refuse(bad, TUE, 1000)
    const result = await world.refresh(TUE)
    await heal()
    expect(result.status).toBe('failed')
    expect(result.dates.map(({ status }) => status)).toEqual(['completed', 'failed'])
    expect(Object.keys(result.dates.at(-1)?.phases ?? {})).toEqual(['factor_gaps', 'snapshots'])
  })

  test('because of an amount that no column holds is a data failure of its own', async () => {
    await world.lot(bad, {
      symbol: 'ACME',
      quantity: '99999999999999',
      entry: '999999999999',
      entryDate: MON,
    })
    const result = await world.refresh(TUE)
    expect(result.status).toBe('completed_with_warnings')
    expect(await world.sessions(bad)).toEqual([])
    expect(await world.sessions(good)).toEqual([MON, TUE])
    expect(await jobs()).toMatchObject([{ item_id: bad, error_category: 'data' }])
  })
})
