import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { addOutcomes } from '../../src/batch/add-outcomes.ts'
import { PanelMemory, performUnit } from '../../src/batch/index.ts'
import { EMPTY_OUTCOME } from '../../src/batch/phase.ts'
import { beatRun } from '../../src/batch/store/beat-run.ts'
import { failRuns } from '../../src/batch/store/fail-runs.ts'
import { holdRunOpen } from '../../src/batch/store/hold-run-open.ts'
import { insertRun } from '../../src/batch/store/insert-run.ts'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import { transaction, tryAdvisoryLock } from '../../src/database/index.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { collectingLog } from '../work-units/unit.ts'

const DATE = '2025-07-01' as SessionDate

describe('a unit of a run', () => {
  let store: TestDatabase
  beforeAll(async () => {
    store = await createTestDatabase()
  })
  afterAll(() => store.drop())

  const openRun = () =>
    insertRun(store.database.db, {
      jobType: 'symbol_batch',
      source: 'manual',
      triggeredBy: 'test',
      startedAt: new Date('2025-07-01T22:00:00Z'),
      targetDate: DATE,
      portfolioId: null,
      lockNames: ['symbol_batch'],
      batchRunId: null,
    })

  const perform = (batchRunId: string) => {
    const { database } = store
    const { signal } = new AbortController()
    const sleep = () => Promise.resolve()
    const environment = {
      database,
      log: collectingLog([]),
      signal,
      sleep,
      panels: new PanelMemory(),
    }
    const task = { compute: 'metrics', symbols: [], from: DATE, to: DATE }
    const unit = {
      kind: 'symbol-batch',
      chunk: 'metrics 1/1',
      date: DATE,
      batchRunId,
      task,
    } as const
    return performUnit(environment, unit)
  }

  test('is done while the run goes on, and not when its process is gone, it is cancelled or over', async () => {
    const id = await openRun()
    await expect(perform(id)).rejects.toMatchObject({ kind: 'run_over' })
    await using lock = await tryAdvisoryLock(store.url, 'symbol_batch')
    expect(lock).not.toBeNull()
    expect(await perform(id)).toMatchObject({ symbols: 0 })
    for (const change of [{ cancel_requested: true }, { status: 'failed' as const }]) {
      await store.database.db.updateTable('batch_run_history').set(change).execute()
      await expect(perform(id)).rejects.toMatchObject({ kind: 'run_over' })
    }
  })

  test('holds off the end of its run until it has committed, and cannot write after it', async () => {
    const id = await openRun()
    const { database } = store
    const order: string[] = []
    let closing: Promise<unknown> = Promise.resolve()
    const guarded = { ...database, guard: holdOf(id) }
    await transaction(guarded, async ({ db }) => {
      closing = failRuns(database.db, [id], 'process_died', new Date()).then(() =>
        order.push('closed'),
      )
      const beat = { batchRunId: id, at: new Date(), completedJobs: 0, failedJobs: 0 }
      await beatRun(database.db, { ...beat, progress: {}, activity: [] })
      await sql`select pg_sleep(0.05)`.execute(db)
      order.push('written')
    })
    await closing
    expect(order).toEqual(['written', 'closed'])
    await expect(transaction(guarded, () => Promise.resolve())).rejects.toMatchObject({
      kind: 'run_over',
    })
  })

  function holdOf(id: string) {
    return (client: Parameters<typeof holdRunOpen>[0]) => holdRunOpen(client, id)
  }
})

describe('outcomes of parts', () => {
  test('are added up; an alert that all give is given once, a metric of the date is taken once', () => {
    const part = (n: number) => ({
      ...EMPTY_OUTCOME,
      processed: n,
      reasons: { no_price: n },
      metrics: { scenarios: 18, rows: n, missing: ['A', `S${n}`], by: { figure: { reason: n } } },
      alerts: ['scenario x is not usable', `portfolio ${n}`],
      workMs: 10 * n,
    })
    expect(addOutcomes([part(1), part(2)], ['scenarios'])).toEqual({
      ...EMPTY_OUTCOME,
      processed: 3,
      reasons: { no_price: 3 },
      metrics: {
        scenarios: 18,
        rows: 3,
        missing: ['A', 'S1', 'S2'],
        by: { figure: { reason: 3 } },
      },
      alerts: ['scenario x is not usable', 'portfolio 1', 'portfolio 2'],
      workMs: 30,
    })
  })

  test('have failed together only when each of them has', () => {
    const failed = { ...EMPTY_OUTCOME, failure: 'the disk is full' }
    expect(addOutcomes([failed, EMPTY_OUTCOME]).failure).toBeUndefined()
    expect(addOutcomes([failed, failed]).failure).toBe('the disk is full')
  })
})
