import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { isLockFree } from '../../../packages/core/src/database/index.ts'
import { chooseSeed, seeded } from '../../../packages/core/test/batch/seeded.ts'
import { hashResults } from '../../../packages/core/test/harness/result-tables.ts'
import { stopAfter } from '../../../packages/core/test/harness/run-program.ts'
import { until } from '../../../packages/core/test/harness/until.ts'
import {
  BACKFILL_SESSIONS,
  backfillFacts,
} from '../../../packages/core/test/portfolios/backfill-book.ts'
import { PortfolioWorld } from '../../../packages/core/test/portfolios/portfolio-world.ts'
import { RefreshCommand, resultOf } from './refresh-command.ts'

/** How often a run is told to stop; `SOAK_STOPS=100` in the long form. */
const STOPS = Number(process.env['SOAK_STOPS'] ?? 6)
/** Stops of one and the same backfill before it may complete. */
const MOST_STOPS_IN_A_ROW = 3
const STOP_LIMIT_MS = 5_000

let world: PortfolioWorld
beforeAll(async () => {
  world = await PortfolioWorld.create()
})
afterAll(() => world[Symbol.asyncDispose]())

async function startAgain(): Promise<void> {
  await world.clear()
  await world.facts(backfillFacts())
  await world.symbolBatchDone(...BACKFILL_SESSIONS)
}

const command = () => new RefreshCommand(world.store.url)

/** Starts the refresh, tells it to stop after so many milliseconds, and looks at what it leaves. */
async function stopAt(moment: number) {
  const end = await stopAfter(command().start('--summary-json'), moment)
  await until('its lock is free', () => isLockFree(world.db, 'portfolio_refresh'))
  const [last] = await world.rows(
    sql<{ status: string }>`
      select status from batch_run_history order by created_at desc limit 1`,
  )
  const isFree = await isLockFree(world.db, 'portfolio_refresh')
  // Before the program listens, and after it is through, a signal ends the process itself.
  const exit = end.signal === 'SIGTERM' ? 143 : end.code
  const wasAtWork = end.stdout.includes('"cancelled"')
  return { exit, stoppedInMs: end.stoppedInMs, status: last?.status ?? null, isFree, wasAtWork }
}

test(
  `a backfill told to stop at ${STOPS} random moments closes its row, frees its lock, and ends as an undisturbed one when it is repeated`,
  async () => {
    await startAgain()
    const start = performance.now()
    expect((await command().run('--summary-json')).code).toBe(0)
    const duration = performance.now() - start
    const wanted = await hashResults(world.db)

    const seed = chooseSeed('SOAK_STOPS_SEED')
    const random = seeded(seed)
    let [stops, cancelled, longest] = [0, 0, 0]
    while (stops < STOPS) {
      await startAgain()
      for (let row = 0; row < MOST_STOPS_IN_A_ROW && stops < STOPS; row++) {
        const moment = random() * duration
        const { exit, stoppedInMs, status, isFree, wasAtWork } = await stopAt(moment)
        const wasTold = stoppedInMs !== null
        // One that the signal did not reach must have been through.
        const ends = wasTold ? /^(cancelled|completed)/ : /^completed/
        const isClosed = status === null ? wasTold : ends.test(status)
        expect({ seed, moment, status, isClosed, isFree, exit }).toEqual({
          seed,
          moment,
          status,
          isClosed: true,
          isFree: true,
          exit: wasTold ? 143 : 0,
        })
        longest = Math.max(longest, stoppedInMs ?? 0)
        stops += 1
        if (wasAtWork) cancelled += 1
      }
      expect(resultOf(await command().run('--summary-json')).status).toMatch(/^completed/)
      const tables = await hashResults(world.db)
      expect({ seed, stops, tables }).toEqual({ seed, stops, tables: wanted })
    }
    process.stdout.write(
      `told to stop ${stops} times, ${cancelled} of them at work; the longest took ${Math.round(longest)} ms\n`,
    )
    expect(longest).toBeLessThan(STOP_LIMIT_MS)
  },
  180_000 + 20_000 * STOPS,
)
