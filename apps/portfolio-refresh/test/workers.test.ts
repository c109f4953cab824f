import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { RunResult } from '@sigmasight/core/batch'
import { everyTable, pastRuns } from '../../symbol-batch/test/batch-command.ts'
import type {
  EndedProgram,
  StartedProgram,
} from '../../../packages/core/test/harness/run-program.ts'
import { hashResults } from '../../../packages/core/test/harness/result-tables.ts'
import { until } from '../../../packages/core/test/harness/until.ts'
import {
  backfillFacts,
  BACKFILL_SESSIONS,
} from '../../../packages/core/test/portfolios/backfill-book.ts'
import { PortfolioWorld } from '../../../packages/core/test/portfolios/portfolio-world.ts'
import { RefreshCommand, resultOf } from './refresh-command.ts'

const PAST_AN_EXPIRY = ['--date', '2025-07-14'] as const
const THREE_DATES = ['--date', '2025-07-03'] as const

/** What runs of the same work must agree in: all but when, how long, and under which id. */
function countsOf({ dates, ...result }: RunResult) {
  const { status, job_summary, data_quality, alerts, missing_symbols } = result
  const phases = dates.map(({ date, status: ended, phases: own }) => ({
    date,
    ended,
    phases: Object.entries(own).map(([name, phase]) => {
      const { processed, skipped, failed, error, reasons, metrics } = phase
      return { name, status: phase.status, processed, skipped, failed, error, reasons, metrics }
    }),
  }))
  return { status, job_summary, data_quality, alerts, missing_symbols, phases }
}

describe('portfolio-refresh in chunks', () => {
  let world: PortfolioWorld
  let command: RefreshCommand
  const workers: StartedProgram[] = []
  beforeAll(async () => {
    world = await PortfolioWorld.create()
    command = new RefreshCommand(world.store.url)
  })
  beforeEach(startAgain)
  afterAll(async () => {
    await endWorkers('SIGTERM')
    await world[Symbol.asyncDispose]()
  })

  async function startAgain(): Promise<void> {
    await world.clear()
    await world.facts(backfillFacts())
    await world.symbolBatchDone(...BACKFILL_SESSIONS)
  }

  function startWorker(): StartedProgram {
    const worker = command.start('work', '--log-json')
    workers.push(worker)
    return worker
  }

  async function endWorkers(signal: NodeJS.Signals) {
    const ending = workers.splice(0)
    for (const { process: child } of ending) child.kill(signal)
    return Promise.all(ending.map(({ ended }) => ended))
  }

  async function hasQueue(): Promise<boolean> {
    const schemas = await world.rows(sql`select from pg_namespace where nspname = 'pgboss'`)
    return schemas.length > 0
  }

  /** Of the run before: units that are done, and how many of them were tried again. */
  async function units() {
    const rows = await world.rows<{ completed: number; tried_again: number }>(sql`
      select count(*)::int as completed, count(*) filter (where retry_count > 0)::int as tried_again
      from pgboss.job where state = 'completed'
        and data ->> 'batchRunId' = (select batch_run_id::text from batch_run_history)
    `)
    return rows[0]
  }

  async function unfinished(): Promise<readonly string[]> {
    const rows = await world.rows<{ state: string }>(
      sql`select distinct state::text from pgboss.job where state <> 'completed'`,
    )
    return rows.map(({ state }) => state)
  }

  async function isConnected(application: string, condition = sql`true`): Promise<boolean> {
    const rows = await world.rows(sql`
      select from pg_stat_activity
      where datname = current_database() and application_name = ${application} and ${condition}
    `)
    return rows.length > 0
  }

  const waitingForLock = () => isConnected('portfolio-refresh-work', sql`wait_event_type = 'Lock'`)

  async function unitsUnderWay(): Promise<number> {
    if (!(await hasQueue())) return 0
    return (await world.rows(sql`select from pgboss.job where state = 'active'`)).length
  }

  /** Holds every chunk up in its middle until the body has ended. */
  function holdingChunksUp<T>(body: () => Promise<T>): Promise<T> {
    return world.db.transaction().execute(async (holding) => {
      await sql`select from portfolios for update`.execute(holding)
      return body()
    })
  }

  const refreshed = async (...args: readonly string[]) =>
    checked(await command.run('--summary-json', ...args))

  async function checked(end: EndedProgram) {
    expect({ code: end.code, stderr: end.code === 0 ? '' : end.stderr }).toEqual({
      code: 0,
      stderr: '',
    })
    return { counts: countsOf(resultOf(end)), tables: await hashResults(world.db) }
  }

  test('in two threads gives the tables and counts of one process, and no queue', async () => {
    const alone = await refreshed(...PAST_AN_EXPIRY)
    expect(alone.tables['portfolio_snapshots']?.rows).toBeGreaterThan(70)
    await startAgain()
    expect(await refreshed('--workers', '2', ...PAST_AN_EXPIRY)).toEqual(alone)
    expect(await hasQueue()).toBe(false)
  })

  test('by two other processes gives the same, and SIGTERM ends those', async () => {
    const alone = await refreshed(...THREE_DATES)
    await startAgain()
    const { ended } = await holdingChunksUp(async () => {
      startWorker()
      startWorker()
      const run = command.start('--summary-json', '--distributed', ...THREE_DATES)
      // Else the first that is there could do all of them.
      await until('a unit for each worker', unitsUnderWay, (count) => count === 2)
      return { ended: run.ended }
    })
    expect(await checked(await ended)).toEqual(alone)
    const ends = await endWorkers('SIGTERM')
    expect(ends.map(({ code }) => code)).toEqual([143, 143])
    const done = ends.map(({ stdout }) => stdout.split('"unit_done"').length - 1)
    expect(Math.min(...done)).toBeGreaterThan(0)
    expect(await units()).toEqual({ completed: done.reduce((a, b) => a + b), tried_again: 0 })
  })

  test('a worker that is killed loses nothing: its chunk is done by another', async () => {
    const alone = await refreshed(...THREE_DATES)
    await startAgain()
    // So that the kill hits one that is under way.
    const end = await holdingChunksUp(async () => {
      const victim = startWorker()
      const { ended } = command.start('--summary-json', '--distributed', ...THREE_DATES)
      await until('a chunk that is held up', waitingForLock)
      victim.process.kill('SIGKILL')
      await victim.ended
      startWorker()
      return { ended }
    })
    const result = resultOf(await end.ended)
    expect(countsOf(result)).toEqual(alone.counts)
    expect(await hashResults(world.db)).toEqual(alone.tables)
    expect(await units()).toMatchObject({ tried_again: 1 })
    await endWorkers('SIGTERM')
  })

  test('without a worker waits, says so, and stops cleanly at its time limit', async () => {
    // Noticed with the heartbeat at ten seconds: time to open the queue, and to have waited for three.
    const limited = command.with({ PORTFOLIO_REFRESH_TIMEOUT_SECONDS: '6' })
    const end = await limited.run('--distributed', '--log-json', '--date', '2025-07-01')
    expect(end.code).toBe(1)
    expect(end.stdout).toContain('"message":"waiting_for_workers"')
    expect(await pastRuns(world.store)).toMatchObject([{ status: 'failed', reason: 'timeout' }])
    expect(await unfinished()).toEqual(['cancelled'])
    const before = await everyTable(world.store)
    startWorker()
    await until('a connected worker', () => isConnected('portfolio-refresh-queue'))
    expect((await endWorkers('SIGTERM')).map(({ code }) => code)).toEqual([143])
    expect(await everyTable(world.store)).toEqual(before)
  })
})
