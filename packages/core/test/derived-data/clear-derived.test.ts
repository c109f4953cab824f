import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import { tryAdvisoryLock } from '../../src/database/index.ts'
import { clearDerived, planClearing, type ClearedData } from '../../src/derived-data/index.ts'
import { hashResults, type ResultTable } from '../harness/result-tables.ts'
import { range } from '../batch/batch-world.ts'
import { BACKFILL, BACKFILL_SESSIONS, backfillFacts } from '../portfolios/backfill-book.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'

const { from: FIRST, to: LAST } = BACKFILL
const WHOLE = [FIRST, LAST] as const
const AT = new Date('2025-07-23T01:00:00Z')

type Tables = Readonly<Record<string, ResultTable>>

describe('clearing derived data', () => {
  let world: PortfolioWorld
  /** Before the first refresh, and after it. */
  let entered: Tables
  let refreshed: Tables

  beforeAll(async () => {
    world = await PortfolioWorld.create()
    await enterFacts()
    entered = await hashResults(world.db)
    await world.refresh(LAST)
    refreshed = await hashResults(world.db)
  })
  afterAll(() => world[Symbol.asyncDispose]())

  /** Every test changes the world and is to begin with the same one. */
  beforeEach(async () => {
    await world.clear()
    await enterFacts()
    await world.refresh(LAST)
  })

  async function enterFacts(): Promise<void> {
    await world.facts(backfillFacts())
    await world.symbolBatchDone(...BACKFILL_SESSIONS)
  }

  function clear(
    [start, end]: readonly [string, string],
    portfolioId: string | null = null,
  ): Promise<ClearedData> {
    const request = { start: start as IsoDate, end: end as IsoDate, portfolioId }
    return clearDerived(world.store.database, request, { lockUrl: world.store.url, at: AT })
  }

  async function idOf(name: string): Promise<string> {
    const rows = await world.rows(
      sql<{ id: string }>`select id from portfolios where name = ${name}`,
    )
    return rows[0]?.id ?? ''
  }

  async function equityOf(name: string): Promise<readonly string[]> {
    const rows = await world.rows(sql<{ equity: string; initial: string; last: string | null }>`
      select equity_balance as equity, initial_equity as initial,
             (select equity_balance from portfolio_snapshots where portfolio_id = f.id
              order by snapshot_date desc limit 1) as last
      from portfolios f where name = ${name}`)
    return rows.flatMap(({ equity, initial, last }) => [equity, last ?? initial])
  }

  test('of the whole time puts every table back to what people entered', async () => {
    const cleared = await clear(WHOLE)
    expect(cleared).toMatchObject({ ok: true, portfoliosReset: 12 })
    if (!cleared.ok) return
    expect(cleared.before).toMatchObject({
      portfolio_snapshots: refreshed['portfolio_snapshots']?.rows,
      factor_exposures: refreshed['factor_exposures']?.rows,
      position_volatility: refreshed['position_volatility']?.rows,
      daily_metrics: refreshed['daily_metrics']?.rows,
      position_realized_events: 1,
      batch_run_tracking: BACKFILL_SESSIONS.length,
    })
    expect(Object.values(cleared.after).every((n) => n === 0)).toBe(true)
    expect(await hashResults(world.db)).toEqual(entered)
  })

  test.each([
    ['the whole time', WHOLE],
    ['the end', ['2025-07-15', LAST]],
    ['a middle in which no portfolio begins', ['2025-07-15', '2025-07-18']],
    ['one day', ['2025-07-14', '2025-07-14']],
    ['a weekend', ['2025-07-12', '2025-07-13']],
  ] as const)('of %s and refreshing it makes the same tables', async (_what, [start, end]) => {
    await clear([start, end])
    await world.refresh(LAST, { ...range(FIRST, LAST), chunkDays: 7 })
    expect(await hashResults(world.db)).toEqual(refreshed)
  })

  test.each([
    ['the beginning', [FIRST, '2025-07-08'], 9],
    ['a middle in which portfolios begin', ['2025-07-09', '2025-07-14'], 3],
  ] as const)(
    'is refused for %s, since no refresh would bring it back',
    async (_what, dates, n) => {
      const cut = { portfolios: n, newest: LAST }
      expect(await clear(dates)).toEqual({ ok: false, reason: 'cuts_beginning', cut })
      expect(await hashResults(world.db)).toEqual(refreshed)
    },
  )

  test('of the end is made good by an ordinary night', async () => {
    await clear(['2025-07-18', LAST])
    expect(await equityOf('mixed 0')).toEqual((await equityOf('mixed 0')).toReversed())
    await world.refresh(LAST)
    expect(await hashResults(world.db)).toEqual(refreshed)
  })

  test('leaves later snapshots, their equity and their marks', async () => {
    const before = await hashResults(world.db)
    const id = await idOf('mixed 0')
    await clear(['2025-07-09', '2025-07-14'], id)
    const [equity, newest] = await equityOf('mixed 0')
    expect(equity).toBe(newest)
    expect(await world.sessions(id)).not.toContain('2025-07-14')
    expect(await world.sessions(id)).toContain('2025-07-15')
    const marked = await world.rows(sql<{ n: number }>`
      select count(*)::int as n from positions where portfolio_id = ${id} and price_status is null`)
    expect(marked).toEqual([{ n: 0 }])
    await world.refresh(LAST)
    expect(await hashResults(world.db)).toEqual(before)
  })

  test('of one portfolio leaves the others and the tracked sessions alone', async () => {
    const id = await idOf('writer')
    expect(await clear(WHOLE, id)).toMatchObject({
      ok: true,
      portfoliosReset: 1,
      before: {
        portfolio_snapshots: BACKFILL_SESSIONS.length,
        position_realized_events: 1,
        batch_run_tracking: 0,
      },
    })
    const tables = await hashResults(world.db)
    const left = (refreshed['portfolio_snapshots']?.rows ?? 0) - BACKFILL_SESSIONS.length
    expect(tables['portfolio_snapshots']?.rows).toBe(left)
    expect(tables['batch_run_tracking']).toEqual(refreshed['batch_run_tracking'])
    await world.refresh(LAST)
    expect(await hashResults(world.db)).toEqual(refreshed)
  })

  test('leaves portfolios alone that no refresh would compute again', async () => {
    await sql`update portfolios set is_active = false where name = 'mixed 1'`.execute(world.db)
    await sql`update portfolios set deleted_at = now() where name = 'mixed 2'`.execute(world.db)
    expect(await clear(WHOLE)).toMatchObject({ ok: true, portfoliosReset: 10 })
    const owners = await world.rows(sql<{ name: string }>`
      select distinct f.name from portfolio_snapshots s join portfolios f on f.id = s.portfolio_id
      order by 1`)
    expect(owners).toEqual([{ name: 'mixed 1' }, { name: 'mixed 2' }])
  })

  test('takes back nothing where nothing is in the range', async () => {
    expect(await clear(['2025-05-01', '2025-06-30'])).toMatchObject({ portfoliosReset: 0 })
    expect(await hashResults(world.db)).toEqual(refreshed)
  })

  test('is planned without a change', async () => {
    const request = { start: FIRST as IsoDate, end: LAST as IsoDate, portfolioId: null }
    const { counts, scope } = await planClearing(world.db, request)
    expect(counts['portfolio_snapshots']).toBe(refreshed['portfolio_snapshots']?.rows)
    expect(scope.ownerIds).toHaveLength(12)
    expect(await hashResults(world.db)).toEqual(refreshed)
  })

  test('that fails half-way has done nothing', async () => {
    await sql`
      create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'refused'; end $$`.execute(world.db)
    await sql`create trigger refuse before update on portfolios for each row execute function refuse()`.execute(
      world.db,
    )
    await expect(clear(WHOLE)).rejects.toThrow('refused')
    await sql`drop function refuse cascade`.execute(world.db)
    expect(await hashResults(world.db)).toEqual(refreshed)
  })

  describe('beside runs', () => {
    /** A run that says it is running, and who holds its lock. */
    async function runWith(lockName: string): Promise<string> {
      const progress = JSON.stringify({ lock_names: [lockName] })
      const rows = await world.rows(sql<{ batch_run_id: string }>`
        insert into batch_run_history (job_type, progress)
        values (${lockName.split(':')[0]}, ${progress}) returning batch_run_id`)
      return rows[0]?.batch_run_id ?? ''
    }

    test.each([
      'portfolio_refresh',
      'portfolio_refresh:portfolio:some',
      'legacy_batch:portfolio:some',
    ])('is refused while %s runs, and says who it is', async (name) => {
      const batchRunId = await runWith(name)
      await using lock = await tryAdvisoryLock(world.store.url, name)
      expect(lock).not.toBeNull()
      expect(await clear(WHOLE)).toEqual({ ok: false, reason: 'running', batchRunId })
      expect(await hashResults(world.db)).toEqual(refreshed)
    })

    test('is not held up by a run of symbols, nor one portfolio by a run of another', async () => {
      await runWith('symbol_batch:symbols:ALTO')
      await using symbols = await tryAdvisoryLock(world.store.url, 'symbol_batch:symbols:ALTO')
      expect(symbols).not.toBeNull()
      const other = `portfolio_refresh:portfolio:${await idOf('mixed 3')}`
      await runWith(other)
      await using scoped = await tryAdvisoryLock(world.store.url, other)
      expect(scoped).not.toBeNull()
      expect(await clear(WHOLE, await idOf('mixed 4'))).toMatchObject({ ok: true })
    })

    test('closes a run whose process is gone', async () => {
      const dead = await runWith('portfolio_refresh')
      expect(await clear(WHOLE)).toMatchObject({ ok: true })
      const rows = await world.rows(sql<{ reason: string }>`
        select error_summary ->> 'reason' as reason from batch_run_history
        where batch_run_id = ${dead} and status = 'failed'`)
      expect(rows).toEqual([{ reason: 'process_died' }])
    })
  })
})
