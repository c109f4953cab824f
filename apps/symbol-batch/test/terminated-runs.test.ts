import { performance } from 'node:perf_hooks'
import { expect, test } from '@jest/globals'
import { isLockFree } from '../../../packages/core/src/database/index.ts'
import { addToUniverse } from '../../../packages/core/test/batch/batch-world.ts'
import { chooseSeed, seeded } from '../../../packages/core/test/batch/seeded.ts'
import { hashResults } from '../../../packages/core/test/harness/result-tables.ts'
import { stopAfter } from '../../../packages/core/test/harness/run-program.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../../packages/core/test/harness/test-database.ts'
import { until } from '../../../packages/core/test/harness/until.ts'
import { BatchCommand, pastRuns, resultOf } from './batch-command.ts'

/** How often a run is told to stop; `SOAK_STOPS=100` in the long form. */
const STOPS = Number(process.env['SOAK_STOPS'] ?? 6)
/** Stops of one and the same backfill before it may complete. */
const MOST_STOPS_IN_A_ROW = 3
const STOP_LIMIT_MS = 5_000
const BACKFILL = ['--start-date', '2025-06-02', '--end-date', '2025-07-22', '--summary-json']

function commandFor({ url }: TestDatabase): BatchCommand {
  return new BatchCommand({
    DATABASE_URL: url,
    PRICE_PROVIDERS: 'synthetic',
    SIGMASIGHT_NOW: '2025-07-23T01:00:00Z',
  })
}

async function newStore(): Promise<TestDatabase> {
  const store = await createTestDatabase()
  await addToUniverse(store, ['ALTO', 'LOOM', 'XENO'])
  return store
}

/** Starts the backfill, tells it to stop after so many milliseconds, and looks at what it leaves. */
async function stopAt(store: TestDatabase, moment: number) {
  const end = await stopAfter(commandFor(store).start(BACKFILL), moment)
  await until('its lock is free', () => isLockFree(store.database.db, 'symbol_batch'))
  const last = (await pastRuns(store)).at(-1)
  // Before the program listens, and after it is through, a signal ends the process itself.
  const exit = end.signal === 'SIGTERM' ? 143 : end.code
  return { exit, stoppedInMs: end.stoppedInMs, last, wasAtWork: end.stdout.includes('"cancelled"') }
}

test(
  `a backfill told to stop at ${STOPS} random moments closes its row, frees its lock, and ends as an undisturbed one when it is repeated`,
  async () => {
    await using undisturbed = await newStore()
    const start = performance.now()
    expect((await commandFor(undisturbed).run(BACKFILL)).code).toBe(0)
    const duration = performance.now() - start
    const wanted = await hashResults(undisturbed.database.db)

    const seed = chooseSeed('SOAK_STOPS_SEED')
    const random = seeded(seed)
    let [stops, cancelled, longest] = [0, 0, 0]
    while (stops < STOPS) {
      await using store = await newStore()
      for (let row = 0; row < MOST_STOPS_IN_A_ROW && stops < STOPS; row++) {
        const moment = random() * duration
        const { exit, stoppedInMs, last, wasAtWork } = await stopAt(store, moment)
        const wasTold = stoppedInMs !== null
        // One that the signal did not reach must have been through.
        const ends = wasTold ? /^(cancelled|completed)/ : /^completed/
        const isClosed = last === undefined ? wasTold : ends.test(last.status)
        expect({ seed, moment, last, isClosed, exit }).toEqual({
          seed,
          moment,
          last,
          isClosed: true,
          exit: wasTold ? 143 : 0,
        })
        longest = Math.max(longest, stoppedInMs ?? 0)
        stops += 1
        if (wasAtWork) cancelled += 1
      }
      expect(resultOf(await commandFor(store).run(BACKFILL)).status).toBe('completed')
      const tables = await hashResults(store.database.db)
      expect({ seed, stops, tables }).toEqual({ seed, stops, tables: wanted })
    }
    process.stdout.write(
      `told to stop ${stops} times, ${cancelled} of them at work; the longest took ${Math.round(longest)} ms\n`,
    )
    expect(longest).toBeLessThan(STOP_LIMIT_MS)
  },
  180_000 + 20_000 * STOPS,
)
