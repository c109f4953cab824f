import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { addToUniverse } from '../../../packages/core/test/batch/batch-world.ts'
import { hashResults, type ResultTable } from '../../../packages/core/test/harness/result-tables.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../../packages/core/test/harness/test-database.ts'
import { isLockFree } from '../../../packages/core/src/database/index.ts'
import { until } from '../../../packages/core/test/harness/until.ts'
import { BatchCommand, pastRuns, resultOf } from './batch-command.ts'

const BACKFILL = ['--start-date', '2025-02-03', '--end-date', '2025-07-22']
const SESSIONS = 117

function commandFor({ url }: TestDatabase): BatchCommand {
  return new BatchCommand({
    DATABASE_URL: url,
    PRICE_PROVIDERS: 'synthetic',
    SIGMASIGHT_NOW: '2025-07-23T01:00:00Z',
  })
}

describe('a backfill that is told to stop', () => {
  let undisturbed: Readonly<Record<string, ResultTable>>

  beforeAll(async () => {
    await using store = await createTestDatabase()
    await addToUniverse(store, ['ALTO', 'LOOM'])
    await commandFor(store).result(BACKFILL)
    undisturbed = await hashResults(store.database.db)
  })

  let store: TestDatabase
  beforeAll(async () => {
    store = await createTestDatabase()
    await addToUniverse(store, ['ALTO', 'LOOM'])
  })
  afterAll(async () => {
    await store.drop()
  })

  async function completedSessions(): Promise<number> {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from batch_run_tracking where status = 'completed'
    `.execute(store.database.db)
    return rows[0]?.n ?? 0
  }

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)(
    'by %s ends after the unit under way with exit %i, cancelled, its lock free',
    async (name, code) => {
      const before = await completedSessions()
      const { process: child, ended } = commandFor(store).start([...BACKFILL, '--summary-json'])
      await until('four more sessions', completedSessions, (done) => done > before + 3)
      child.kill(name)
      const end = await ended
      expect(end.code).toBe(code)
      expect(end.stderr).toContain(`symbol-batch: ${name}: stopping after the current unit of work`)
      const result = resultOf(end)
      expect(result).toMatchObject({ status: 'cancelled', reason: 'signal' })
      const [last] = (await pastRuns(store)).toReversed()
      expect(last).toEqual({
        batch_run_id: result.batch_run_id,
        status: 'cancelled',
        reason: 'signal',
      })
      expect(await isLockFree(store.database.db, 'symbol_batch')).toBe(true)
      const done = await completedSessions()
      expect(done).toBeGreaterThan(before + 3)
      expect(done).toBeLessThan(SESSIONS)
    },
  )

  test('goes on where it was and ends in the same tables', async () => {
    const done = await completedSessions()
    const result = await commandFor(store).result(BACKFILL)
    expect(result.status).toBe('completed')
    expect(result.dates).toHaveLength(SESSIONS - done)
    expect(await hashResults(store.database.db)).toEqual(undisturbed)
  })
})
