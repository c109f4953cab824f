import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { chooseSeed, seeded } from '../../../packages/core/test/batch/seeded.ts'
import { hashResults } from '../../../packages/core/test/harness/result-tables.ts'
import {
  BACKFILL_SESSIONS,
  backfillFacts,
} from '../../../packages/core/test/portfolios/backfill-book.ts'
import { PortfolioWorld } from '../../../packages/core/test/portfolios/portfolio-world.ts'
import { RefreshCommand, resultOf } from './refresh-command.ts'

/** How often a run is killed; 95 of the specification asks for 200 in a long test. */
const KILLS = Number(process.env['SOAK_KILLS'] ?? 25)
/** Kills of one and the same backfill before it may complete. */
const MOST_KILLS_IN_A_ROW = 12

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

/** Starts the refresh and kills it so many milliseconds after it began to work (null = never); whether it got to its end. */
async function isDone(moment: number | null): Promise<boolean> {
  const { process: child, ended } = new RefreshCommand(world.store.url).start('--summary-json')
  const timer = moment === null ? undefined : setTimeout(() => child.kill('SIGKILL'), moment)
  const end = await ended
  clearTimeout(timer)
  if (end.signal === 'SIGKILL') return false
  expect({ code: end.code, stdout: end.stdout !== '' }).toEqual({ code: 0, stdout: true })
  // The server may need a moment to notice that the one before is dead and to free its lock.
  return resultOf(end).status !== 'skipped'
}

test(
  `a backfill killed at ${KILLS} random moments and repeated equals an undisturbed one`,
  async () => {
    await startAgain()
    const start = performance.now()
    expect(await isDone(null)).toBe(true)
    const duration = performance.now() - start
    const wanted = await hashResults(world.db)
    expect(wanted['portfolio_snapshots']?.rows).toBeGreaterThan(140)

    const seed = chooseSeed('SOAK_KILLS_SEED')
    const random = seeded(seed)
    let kills = 0
    while (kills < KILLS) {
      await startAgain()
      for (let row = 0; ; row++) {
        const mayBeKilled = row < MOST_KILLS_IN_A_ROW && kills < KILLS
        if (await isDone(mayBeKilled ? random() * duration : null)) break
        if (mayBeKilled) kills += 1
      }
      expect({ seed, kills, tables: await hashResults(world.db) }).toEqual({
        seed,
        kills,
        tables: wanted,
      })
    }
    process.stdout.write(`killed ${kills} times within ${Math.round(duration)} ms\n`)
  },
  180_000 + 20_000 * KILLS,
)
