import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { isLockFree } from '../../src/database/index.ts'
import type { RunResult } from '../../src/batch/index.ts'
import { PostgresProxy, type CommitFate, type CommitJudge } from '../harness/postgres-proxy.ts'
import { hashResults, type ResultTable } from '../harness/result-tables.ts'
import { until } from '../harness/until.ts'
import { range, type BatchWorld, type RunExtras } from './batch-world.ts'
import { ScriptedMarket } from './scripted-market.ts'
import { chooseSeed, seeded } from './seeded.ts'
import { silentProvider } from './silent-provider.ts'
import { connectThrough, createTwoLayers, HELD_STOCKS } from './two-layers.ts'

const SESSIONS = ['2025-07-10', '2025-07-11']
const [FIRST = '', LAST = ''] = SESSIONS
/** At how many COMMITs of each layer the lock is taken away; `SOAK_LOCKS=1000` takes all. */
const LOST_LOCKS = Number(process.env['SOAK_LOCKS'] ?? 3)
/** A busy machine answers within it. */
const WATCH_MS = 1_000

const END_LOCK = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name = 'sigmasight-lock'`

type Layer = 'symbol_batch' | 'portfolio_refresh'

function runLayer(world: BatchWorld, layer: Layer, extras?: RunExtras): Promise<RunResult> {
  if (layer === 'symbol_batch') return world.run(LAST, range(FIRST, LAST), extras)
  return world.refresh(LAST, {}, extras)
}

function rowsOf(world: BatchWorld, layer: Layer) {
  return world.rows<{ status: string; reason: string | null }>(
    `select status, error_summary ->> 'reason' as reason from batch_run_history
     where job_type = '${layer}' order by created_at`,
  )
}

describe('a run that loses the connection of its lock', () => {
  let market: ScriptedMarket
  let undisturbed: Readonly<Record<string, ResultTable>>
  /** What the work of each layer commits, apart from the history. */
  const commits = { symbol_batch: 0, portfolio_refresh: 0 }

  const newWorld = () => createTwoLayers(market.provider(), SESSIONS)

  /** A judge that counts the COMMITs of the work, apart from the history, and has something happen at each. */
  function judgeWork(happens: () => Promise<void>, count: () => void): CommitJudge {
    return async (_, applicationName): Promise<CommitFate> => {
      if (applicationName === 'test-work') {
        count()
        await happens()
      }
      return 'passes'
    }
  }

  beforeAll(async () => {
    market = await ScriptedMarket.create(HELD_STOCKS, { from: '2024-05-01', to: LAST })
    await using world = await newWorld()
    await using proxy = await PostgresProxy.start(world.store.url)
    await using connections = await connectThrough(proxy)
    for (const layer of ['symbol_batch', 'portfolio_refresh'] as const) {
      const count = () => void (commits[layer] += 1)
      proxy.judgeCommits(judgeWork(() => Promise.resolve(), count))
      await runLayer(world, layer, connections)
    }
    undisturbed = await hashResults(world.db)
  })
  afterAll(() => {
    market[Symbol.dispose]()
  })

  /** Takes the lock away as the n-th COMMIT of the layer's work is sent, and starts the same run beside it. */
  async function loseLockAt(layer: Layer, number: number) {
    await using world = await newWorld()
    if (layer === 'portfolio_refresh') await runLayer(world, 'symbol_batch')
    await using proxy = await PostgresProxy.start(world.store.url)
    await using connections = await connectThrough(proxy)
    let count = 0
    let second: Promise<RunResult> | undefined
    const loseLock = async (): Promise<void> => {
      if (count !== number) return
      await world.rows(END_LOCK)
      await until('the lock to be free', () => isLockFree(world.db, layer))
      await until('the end of its connection', () => proxy.connectionsOf('sigmasight-lock') === 0)
      // The news reaches the run in the next turns of the event loop, for which the COMMIT waits.
      for (let turn = 0; turn < 5; turn++) await nextTurn()
      second = runLayer(world, layer)
    }
    proxy.judgeCommits(judgeWork(loseLock, () => void (count += 1)))
    const first = await runLayer(world, layer, connections)
    const further = count - number
    const isSecondDone = (await second)?.status.startsWith('completed')
    const [row] = await rowsOf(world, layer)
    if (layer === 'symbol_batch') await runLayer(world, 'portfolio_refresh')
    return { first, further, isSecondDone, row, tables: await hashResults(world.db) }
  }

  test.each(['symbol_batch', 'portfolio_refresh'] as const)(
    'commits nothing more once it knows, is closed as failed, and the next one takes over: %s',
    async (layer) => {
      expect(commits[layer]).toBeGreaterThan(8)
      const seed = chooseSeed('SOAK_LOCKS_SEED')
      const random = seeded(seed)
      const numbers = Array.from({ length: commits[layer] - 1 }, (_, i) => i + 1)
      const chosen = numbers.filter(() => random() < LOST_LOCKS / numbers.length)
      for (const number of chosen) {
        const { first, ...found } = await loseLockAt(layer, number)
        expect({ seed, number, status: first.status, reason: first.reason, ...found }).toEqual({
          seed,
          number,
          status: 'failed',
          reason: 'lock_lost',
          further: 0,
          isSecondDone: true,
          row: { status: 'failed', reason: 'lock_lost' },
          tables: undisturbed,
        })
      }
      process.stdout.write(`${layer}: lock lost at ${chosen.length} of ${commits[layer]} COMMITs\n`)
    },
    180_000 + 40_000 * LOST_LOCKS,
  )

  test('to a network that swallows packets stops within two looks; while the server believes in it others are skipped', async () => {
    await using world = await newWorld()
    await using proxy = await PostgresProxy.start(world.store.url)
    const silent = silentProvider()
    const running = world.run(LAST, range(FIRST, LAST), {
      providers: [silent],
      lockUrl: proxy.url,
      lockWatchMs: WATCH_MS,
    })
    await silent.asked
    const [{ batch_run_id } = { batch_run_id: '' }] = await world.rows<{ batch_run_id: string }>(
      'select batch_run_id from batch_run_history',
    )
    proxy.silence('sigmasight-lock')
    const skipped = { status: 'skipped', reason: 'already_running' }
    expect(await runLayer(world, 'symbol_batch')).toMatchObject({ ...skipped, batch_run_id })
    expect(await running).toMatchObject({ status: 'failed', reason: 'lock_lost', batch_run_id })
    expect(await runLayer(world, 'symbol_batch')).toMatchObject(skipped)
    proxy.close()
    await until('the lock to be free', () => isLockFree(world.db, 'symbol_batch'))
    await runLayer(world, 'symbol_batch')
    await runLayer(world, 'portfolio_refresh')
    expect(await rowsOf(world, 'symbol_batch')).toEqual([
      { status: 'failed', reason: 'lock_lost' },
      { status: 'completed', reason: null },
    ])
    expect(await hashResults(world.db)).toEqual(undisturbed)
  })
})
