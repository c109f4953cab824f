import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { addToUniverse } from '../../packages/core/test/batch/batch-world.ts'
import { runProgram } from '../../packages/core/test/harness/run-program.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../packages/core/test/harness/test-database.ts'
import { tryAdvisoryLock } from '../../packages/core/src/database/index.ts'

/** The first run of the database is on the evening of the 1st, the present that of the 22nd. */
const [FIRST_NIGHT, NOW] = ['2025-07-02T02:00:00Z', '2025-07-23T02:00:00Z']
/** Each test starts several programs, on a machine that may be busy. */
const PROGRAMS_MS = 300_000

const OWN_LINE = /^(\[\d+\/|\d+ sessions? without| {6}(completed|failed|skipped))/

describe('catch-up', () => {
  let store: TestDatabase

  beforeAll(async () => {
    store = await createTestDatabase()
    await addToUniverse(store, ['ALTO', 'LOOM'])
    const args = ['--quiet']
    const first = { ...environment('true'), SIGMASIGHT_NOW: FIRST_NIGHT }
    expect((await runProgram('apps/symbol-batch/src/main.ts', args, first)).code).toBe(0)
  }, PROGRAMS_MS)
  afterAll(() => store.drop())

  function environment(v2: string) {
    return {
      DATABASE_URL: store.url,
      SIGMASIGHT_NOW: NOW,
      PRICE_PROVIDERS: 'synthetic',
      BATCH_V2_ENABLED: v2,
    }
  }

  /** What catch-up itself said, without how long it took, and its exit code. */
  async function catchUp(v2 = 'true') {
    const args = ['catch-up', '--chunk-days', '7']
    const { code, stdout } = await runProgram('scripts/src/ops/main.ts', args, environment(v2))
    const own = stdout.split('\n').filter((line) => OWN_LINE.test(line))
    return { code, lines: own.map((line) => line.replace(/ in [\d.]+ m?s$/, '')) }
  }

  async function completedSessions(): Promise<number> {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from batch_run_tracking
      where batch_type = 'symbol_batch' and status like 'completed%'
    `.execute(store.database.db)
    return rows[0]?.n ?? 0
  }

  test(
    'ends with the exit code of the first slice that fails, and starts no other',
    async () => {
      const { db } = store.database
      await sql`
        create function refuse() returns trigger language plpgsql as
        $$ begin raise exception 'refused'; end $$`.execute(db)
      await sql`
        create trigger refuse before insert on symbol_factor_exposures for each row
        when (new.calculation_date = '2025-07-10') execute function refuse()`.execute(db)
      expect(await catchUp()).toEqual({
        code: 1,
        lines: [
          '14 sessions without a completed symbol batch, 2025-07-02 to 2025-07-22',
          '[1/4] symbol-batch, 2025-07-02 to 2025-07-08: 4 sessions',
          '      completed: 4 sessions',
          '[2/4] symbol-batch, 2025-07-09 to 2025-07-15: 5 sessions',
          '      failed: 5 sessions',
        ],
      })
      await sql`drop function refuse cascade`.execute(db)
      expect(await completedSessions()).toBe(1 + 4 + 4)
    },
    PROGRAMS_MS,
  )

  test(
    'has caught nothing up when another run holds the lock',
    async () => {
      await using lock = await tryAdvisoryLock(store.url, 'symbol_batch')
      expect(lock).not.toBeNull()
      expect(await catchUp()).toEqual({
        code: 3,
        lines: [
          '6 sessions without a completed symbol batch, 2025-07-10 to 2025-07-22',
          '[1/3] symbol-batch, 2025-07-10 to 2025-07-16: 2 sessions',
          '      skipped (already_running): 0 sessions',
        ],
      })
    },
    PROGRAMS_MS,
  )

  test(
    'does what is missing, then the portfolios',
    async () => {
      expect(await catchUp()).toEqual({
        code: 0,
        lines: [
          '6 sessions without a completed symbol batch, 2025-07-10 to 2025-07-22',
          '[1/3] symbol-batch, 2025-07-10 to 2025-07-16: 2 sessions',
          '      completed: 2 sessions',
          '[2/3] symbol-batch, 2025-07-17 to 2025-07-22: 4 sessions',
          '      completed: 4 sessions',
          '[3/3] portfolio-refresh, whatever each portfolio lacks',
          '      completed (nothing_to_do): 0 sessions',
        ],
      })
      expect(await completedSessions()).toBe(15)
    },
    PROGRAMS_MS,
  )

  test(
    'is one run of the combined batch in legacy mode',
    async () => {
      await sql`delete from batch_run_tracking where batch_date between '2025-07-03' and '2025-07-08'`.execute(
        store.database.db,
      )
      expect(await catchUp('false')).toEqual({
        code: 0,
        lines: [
          '3 sessions without a completed symbol batch, 2025-07-03 to 2025-07-08',
          '[1/1] symbol-batch, symbols and portfolios in one (legacy)',
          '      completed: 3 sessions',
        ],
      })
      expect(await completedSessions()).toBe(15)
    },
    PROGRAMS_MS,
  )
})
