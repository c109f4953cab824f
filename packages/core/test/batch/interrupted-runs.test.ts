import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { isLockFree, tryAdvisoryLock } from '../../src/database/index.ts'
import { hashResults, type ResultTable } from '../harness/result-tables.ts'
import { BatchWorld, range, type RunExtras } from './batch-world.ts'
import { openFailingDatabase } from './failing-database.ts'
import { ScriptedMarket } from './scripted-market.ts'
import { chooseSeed, seeded } from './seeded.ts'
import { silentProvider } from './silent-provider.ts'

const STOCKS = ['ALTO', 'LOOM']
const [FIRST, LAST] = ['2025-07-10', '2025-07-11']
const BOTH = range(FIRST, LAST)
/** Four on the first date, and profiles and statements besides on the last. */
const PHASES_OF_BOTH = 4 + 6
/** How many of the statements of a run are made to fail; `SOAK_STATEMENTS=1000` takes all. */
const FAILING_STATEMENTS = Number(process.env['SOAK_STATEMENTS'] ?? 12)

interface PastRun {
  readonly status: string
  readonly reason: string | null
}

function pastRuns(world: BatchWorld): Promise<readonly PastRun[]> {
  return world.rows(
    "select status, error_summary ->> 'reason' as reason from batch_run_history order by created_at",
  )
}

describe('a run that ends before its work is done', () => {
  let market: ScriptedMarket
  let undisturbed: Readonly<Record<string, ResultTable>>

  beforeAll(async () => {
    market = await ScriptedMarket.create(STOCKS, { from: '2024-05-01', to: LAST })
    await using world = await BatchWorld.create(STOCKS, market.provider())
    await world.run(LAST, BOTH)
    undisturbed = await hashResults(world.db)
  })
  afterAll(() => {
    market[Symbol.dispose]()
  })

  /** Runs in a new world, disturbed; then the same run again, undisturbed. */
  async function runTwice(extras: RunExtras) {
    await using world = await BatchWorld.create(STOCKS, market.provider())
    const outcome = await world.run(LAST, BOTH, extras).catch((thrown: unknown) => thrown)
    await world.run(LAST, BOTH)
    return { outcome, runs: await pastRuns(world), tables: await hashResults(world.db) }
  }

  const boundaries = Array.from({ length: PHASES_OF_BOTH }, (_, i) => i + 1)

  test.each(boundaries)(
    'crashing as phase %i ends leaves what the next run completes',
    async (n) => {
      let ended = 0
      const phaseEnded = () => {
        if (++ended === n) throw new Error('crash of the test')
      }
      const { outcome, runs, tables } = await runTwice({ observer: { phaseEnded } })
      expect(outcome).toEqual(new Error('crash of the test'))
      expect(runs).toEqual([
        { status: 'failed', reason: 'crashed' },
        { status: 'completed', reason: null },
      ])
      expect(tables).toEqual(undisturbed)
    },
  )

  /** Stops the run as its n-th phase starts. */
  function stopAt(n: number): RunExtras {
    const stop = new AbortController()
    let started = 0
    const phaseStarted = () => {
      if (++started === n) stop.abort()
    }
    return { signal: stop.signal, observer: { phaseStarted } }
  }

  test.each(boundaries.slice(0, -1))(
    'stopped as phase %i starts, the next run completes',
    async (n) => {
      const { outcome, runs, tables } = await runTwice(stopAt(n))
      expect(outcome).toMatchObject({ status: 'cancelled', reason: 'signal' })
      expect(runs.map(({ status }) => status)).toEqual(['cancelled', 'completed'])
      expect(tables).toEqual(undisturbed)
    },
  )

  test('stopped when nothing is left to do, it has completed', async () => {
    const { outcome, runs, tables } = await runTwice(stopAt(PHASES_OF_BOTH))
    expect(outcome).toMatchObject({ status: 'completed' })
    expect(runs.map(({ status }) => status)).toEqual(['completed'])
    expect(tables).toEqual(undisturbed)
  })

  test('one whose lock connection is cut stops as failed', async () => {
    await using world = await BatchWorld.create(STOCKS, market.provider())
    const silent = silentProvider()
    const running = world.run(LAST, BOTH, { providers: [silent] })
    await silent.asked
    await world.rows(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'sigmasight-lock'",
    )
    expect(await running).toMatchObject({ status: 'failed', reason: 'lock_lost' })
    await world.run(LAST, BOTH)
    expect(await hashResults(world.db)).toEqual(undisturbed)
  })

  test('one that is just ending is named to whoever finds its lock taken', async () => {
    await using world = await BatchWorld.create(STOCKS, market.provider())
    const ending = await world.run(LAST, BOTH)
    await using lock = await tryAdvisoryLock(world.store.url, 'symbol_batch')
    expect(lock).not.toBeNull()
    expect(await world.run(LAST, BOTH)).toMatchObject({
      status: 'skipped',
      batch_run_id: ending.batch_run_id,
    })
  })

  test('a wish to cancel in the database, and a time limit, are heeded within a heartbeat', async () => {
    await using cancelled = await BatchWorld.create(STOCKS, market.provider())
    await using late = await BatchWorld.create(STOCKS, market.provider())
    const silent = silentProvider()
    const runs = [
      cancelled.run(LAST, BOTH, { providers: [silent] }),
      late.run(LAST, BOTH, { providers: [silentProvider()], timeoutSecondsPerDate: 1 }),
    ]
    await silent.asked
    expect(await isLockFree(cancelled.db, 'symbol_batch')).toBe(false)
    await cancelled.rows('update batch_run_history set cancel_requested = true')
    expect(await Promise.all(runs)).toMatchObject([
      { status: 'cancelled', reason: 'cancel_requested' },
      { status: 'failed', reason: 'timeout' },
    ])
    for (const world of [cancelled, late]) {
      expect(await isLockFree(world.db, 'symbol_batch')).toBe(true)
      await world.run(LAST, BOTH)
      expect(await hashResults(world.db)).toEqual(undisturbed)
    }
    expect(await pastRuns(cancelled)).toEqual([
      { status: 'cancelled', reason: 'cancel_requested' },
      { status: 'completed', reason: null },
    ])
    expect(await pastRuns(late)).toEqual([
      { status: 'failed', reason: 'timeout' },
      { status: 'completed', reason: null },
    ])
  })
})

describe('a database that refuses one statement', () => {
  let market: ScriptedMarket
  let undisturbed: Readonly<Record<string, ResultTable>>
  let statements: number
  let afterPrices: number

  beforeAll(async () => {
    market = await ScriptedMarket.create(STOCKS, { from: '2024-05-01', to: LAST })
    await using world = await BatchWorld.create(STOCKS, market.provider())
    await using database = openFailingDatabase(world.store.url, 0, '')
    const counts: number[] = []
    const phaseEnded = () => counts.push(database.statements())
    await world.run(LAST, BOTH, { database, observer: { phaseEnded } })
    statements = database.statements()
    afterPrices = counts[0] ?? 0
    undisturbed = await hashResults(world.db)
  })
  afterAll(() => {
    market[Symbol.dispose]()
  })

  test(
    'for a passing reason, whichever it is, is asked again and the run notices nothing',
    async () => {
      expect(statements).toBeGreaterThan(20)
      const random = seeded(chooseSeed('SOAK_STATEMENTS_SEED'))
      const numbers = Array.from({ length: statements }, (_, i) => i + 1)
      const chosen = numbers.filter(() => random() < FAILING_STATEMENTS / statements)
      for (const number of chosen) {
        await using world = await BatchWorld.create(STOCKS, market.provider())
        await using database = openFailingDatabase(world.store.url, number, '40001')
        const result = await world.run(LAST, BOTH, { database })
        const tables = await hashResults(world.db)
        expect({ number, status: result.status, tables }).toEqual({
          number,
          status: 'completed',
          tables: undisturbed,
        })
      }
    },
    180_000 + 20_000 * FAILING_STATEMENTS,
  )

  test.each([
    ['prices', () => 3],
    ['factors', () => afterPrices + 1],
  ])(
    'for good, in %s, fails its date but not the next one; a later run mends it',
    async (phase, number) => {
      await using world = await BatchWorld.create(STOCKS, market.provider())
      await using database = openFailingDatabase(world.store.url, number(), '23514')
      const result = await world.run(LAST, BOTH, { database })
      expect(result.status).toBe('failed')
      expect(result.dates.map(({ status }) => status)).toEqual(['failed', 'completed'])
      expect(result.dates[0]?.phases[phase]).toMatchObject({
        status: 'failed',
        error: 'injected failure',
      })
      const retry = { ...BOTH, retryFailedPhases: true }
      const retried = await world.run(LAST, retry)
      expect(retried.dates).toMatchObject([{ date: FIRST, status: 'completed' }])
      expect(await hashResults(world.db)).toEqual(undisturbed)
      expect(await trackedPhases(world)).toEqual([
        { date: FIRST, phases: 'factors feedback_learning prices symbol_metrics' },
        {
          date: LAST,
          phases: 'company_profiles factors feedback_learning fundamentals prices symbol_metrics',
        },
      ])
      expect(await world.run(LAST, retry)).toMatchObject({ reason: 'nothing_to_do' })
    },
  )
})

function trackedPhases(world: BatchWorld) {
  return world.rows(
    `select batch_date as date, (select string_agg(key, ' ' order by key) from jsonb_each(phases)) as phases
     from batch_run_tracking order by 1`,
  )
}
