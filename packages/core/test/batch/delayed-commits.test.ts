import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runPortfolioRefresh, type RunResult } from '../../src/batch/index.ts'
import { withDelayedCommits } from '../../src/database/index.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { nightlyRequest } from './batch-world.ts'

const EVENING = '2025-07-10'
const LAST_PHASE = 'regression_guard'

let world: PortfolioWorld
let portfolioId: string
beforeAll(async () => {
  world = await PortfolioWorld.create()
  await world.bars('SPY', { [EVENING]: '600' })
  portfolioId = await world.portfolio({ name: 'Book', equity: '1000', asOf: EVENING })
  await world.refresh(EVENING)
})
afterAll(() => world[Symbol.asyncDispose]())

/** A run that loses its locks when all of its work is committed. */
async function runLosingLocks(hasDelayedCommits: boolean): Promise<RunResult> {
  const lost = new AbortController()
  const environment = world.environment(EVENING)
  const { database, observer } = environment
  return runPortfolioRefresh(
    {
      ...environment,
      database: hasDelayedCommits ? withDelayedCommits(database) : database,
      tryLocks: () =>
        Promise.resolve({ lost: lost.signal, [Symbol.asyncDispose]: () => Promise.resolve() }),
      observer: {
        ...observer,
        phaseEnded(_, phase) {
          if (phase === LAST_PHASE) lost.abort()
        },
      },
    },
    {
      ...nightlyRequest,
      jobType: 'portfolio_refresh',
      force: true,
      scope: { kind: 'portfolio', portfolioId },
    },
  )
}

test('a run whose commits did not wait for the disk has failed when its server may have gone down before its end', async () => {
  const { batch_run_id: id, status, reason } = await runLosingLocks(true)
  expect([status, reason]).toEqual(['failed', 'lock_lost'])
  const stored = await world.db
    .selectFrom('batch_run_history')
    .select(['status', 'summary'])
    .where('batch_run_id', '=', id)
    .executeTakeFirstOrThrow()
  expect(stored).toMatchObject({ status, summary: { status, reason } })
})

test('one whose commits did is done once its work is', async () => {
  expect((await runLosingLocks(false)).status).toMatch(/^completed/)
})
