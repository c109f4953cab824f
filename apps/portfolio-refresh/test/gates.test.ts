import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { everyTable, newRun, pastRuns } from '../../symbol-batch/test/batch-command.ts'
import {
  backfillFacts,
  BACKFILL_SESSIONS,
} from '../../../packages/core/test/portfolios/backfill-book.ts'
import { PortfolioWorld } from '../../../packages/core/test/portfolios/portfolio-world.ts'
import { isLockFree } from '../../../packages/core/src/database/index.ts'
import { RefreshCommand, resultOf } from './refresh-command.ts'

const LAST = '2025-07-22'
/** With warnings: prices are random, and factors explain little of the portfolio that is all debt. */
const COMPLETED: unknown = expect.stringMatching(/^completed/)

describe('portfolio-refresh', () => {
  let world: PortfolioWorld
  let command: RefreshCommand
  beforeAll(async () => {
    world = await PortfolioWorld.create()
    command = new RefreshCommand(world.store.url)
  })
  beforeEach(async () => {
    await world.clear()
    await world.facts(backfillFacts())
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const snapshots = async () =>
    (await world.rows<{ n: number }>(sql`select count(*)::int as n from portfolio_snapshots`))[0]?.n

  test('without the symbol batch of the target aborts with exit 3, and writes its history row only', async () => {
    await world.symbolBatchDone(...BACKFILL_SESSIONS.slice(0, -1))
    const before = await everyTable(world.store)
    const end = await command.run('--no-wait', '--summary-json')
    expect(end.code).toBe(3)
    expect(resultOf(end)).toMatchObject({
      status: 'aborted',
      reason: 'symbol_batch_timeout',
      target_date: LAST,
      dates: [],
    })
    expect(await pastRuns(world.store)).toMatchObject([
      { status: 'aborted', reason: 'symbol_batch_timeout' },
    ])
    const changed = (await everyTable(world.store)).filter(
      ({ table, hash }) => before.find((old) => old.table === table)?.hash !== hash,
    )
    expect(changed.map(({ table }) => table)).toEqual(['batch_run_history'])
  })

  test('does not take a failed symbol batch for a done one', async () => {
    await sql`insert into batch_run_tracking (batch_type, batch_date, status) values ('symbol_batch', ${LAST}, 'failed')`.execute(
      world.db,
    )
    expect((await command.run('--no-wait', '--summary-json')).code).toBe(3)
  })

  test('waits for the symbol batch and runs when it is done', async () => {
    const { ended } = command.start('--summary-json')
    expect(await newRun(world.store)).toMatchObject({ status: 'running' })
    expect(await snapshots()).toBe(0)
    await world.symbolBatchDone(LAST)
    const end = await ended
    expect(end.code).toBe(0)
    expect(resultOf(end)).toMatchObject({ status: COMPLETED, portfolios_processed: 12 })
    expect(await snapshots()).toBeGreaterThan(140)
  })

  test('told to stop while it waits is cancelled, its lock free', async () => {
    const { process: child, ended } = command.start('--summary-json')
    expect(await newRun(world.store)).toMatchObject({ status: 'running' })
    child.kill('SIGTERM')
    const end = await ended
    expect(end.code).toBe(143)
    expect(await pastRuns(world.store)).toMatchObject([{ status: 'cancelled', reason: 'signal' }])
    expect(await isLockFree(world.db, 'portfolio_refresh')).toBe(true)
  })

  test('started twice works once; one portfolio by itself goes beside the full run', async () => {
    const { process: child, ended } = command.start('--summary-json')
    const { batch_run_id } = await newRun(world.store)
    const second = await command.run('--summary-json')
    expect(second.code).toBe(0)
    expect(resultOf(second)).toMatchObject({
      status: 'skipped',
      reason: 'already_running',
      batch_run_id,
    })
    await world.symbolBatchDone(LAST)
    const [one] = await world.rows<{ id: string }>(
      sql`select id from portfolios where name = 'private'`,
    )
    const scoped = await command.run('--portfolio-id', one?.id ?? '', '--summary-json')
    // The full one may have been first by now.
    expect(['completed', 'completed_with_warnings']).toContain(resultOf(scoped).status)
    expect(resultOf(await ended)).toMatchObject({ status: COMPLETED, batch_run_id })
    expect(child.exitCode).toBe(0)
    expect(await world.sessions(one?.id ?? '')).toEqual(BACKFILL_SESSIONS.slice(2))
    expect(await snapshots()).toBe(149)
  })

  test('--portfolio-id refreshes that one, and tracks no date', async () => {
    await world.symbolBatchDone(LAST)
    const [one] = await world.rows<{ id: string }>(
      sql`select id from portfolios where name = 'private'`,
    )
    const end = await command.run('--portfolio-id', one?.id ?? '', '--summary-json')
    expect(resultOf(end)).toMatchObject({ status: 'completed', portfolios_processed: 1 })
    expect(await snapshots()).toBe(13)
    expect(await world.rows(sql`select batch_type from batch_run_tracking`)).toEqual([
      { batch_type: 'symbol_batch' },
    ])
  })

  test('--dry-run says what would be done and writes nothing', async () => {
    await world.symbolBatchDone(LAST)
    const before = await everyTable(world.store)
    const end = await command.run('--dry-run')
    expect(end.code).toBe(0)
    expect(end.stdout).toContain(`target      ${LAST}`)
    expect(end.stdout).toContain('empty (15)')
    expect(end.stdout).toContain('private (13)')
    expect(end.stdout).toContain('Nothing was written.')
    expect(await everyTable(world.store)).toEqual(before)
  })

  test('with nothing to do writes nothing, not even that it was there', async () => {
    await world.symbolBatchDone(LAST)
    await command.run('--quiet')
    const before = await everyTable(world.store)
    const end = await command.run('--summary-json')
    expect(end.code).toBe(0)
    expect(resultOf(end)).toMatchObject({
      status: 'completed',
      reason: 'nothing_to_do',
      batch_run_id: null,
    })
    expect(await everyTable(world.store)).toEqual(before)
  })
})
