import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { startFakeMarket, type FakeMarket, type Script } from '@sigmasight/fake-market'
import { sessionClose } from '../../src/calendar/index.ts'
import { fixedClock } from '../../src/clock/index.ts'
import { loadConfig } from '../../src/config/index.ts'
import type { Logger } from '../../src/logging/index.ts'
import { createProviders, type ProviderChain } from '../../src/market-data/index.ts'
import { PostgresProxy } from '../harness/postgres-proxy.ts'
import { hashResults, type ResultTable } from '../harness/result-tables.ts'
import { session, sessionsFrom, type BatchWorld, type RunExtras } from './batch-world.ts'
import { fakeSourceOf } from './fake-source.ts'
import { ScriptedMarket } from './scripted-market.ts'
import { chooseSeed, seeded } from './seeded.ts'
import {
  connectThrough,
  createTwoLayers,
  HELD_STOCKS,
  type ProxiedConnections,
} from './two-layers.ts'

/** Nights; `SOAK_NIGHTS=252` is a year of them, of which a tenth is faulty. */
const NIGHTS = Number(process.env['SOAK_NIGHTS'] ?? 15)
/** In a short form enough of them for every kind of fault. */
const FAULTY_SHARE = NIGHTS < 100 ? 0.4 : 0.1
/** Nights at the end in which nothing fails, so that all that is missing can be made up for. */
const QUIET_NIGHTS = 3
const SESSIONS = sessionsFrom('2025-07-10', '2026-12-31').slice(0, NIGHTS)
const LAST = SESSIONS.at(-1) ?? ''

const FAILING_CALLS: Script = {
  rules: [
    {
      match: { vendor: 'yahoo', endpoint: 'chart' },
      calls: 'chance 0.1',
      fault: { kind: 'status', status: 500 },
    },
  ],
}
const PROVIDER_DOWN: Script = {
  rules: [{ match: { vendor: 'yahoo' }, fault: { kind: 'status', status: 500 } }],
}

/**
 * What may happen to a night: the server commits and its answer is lost, or the COMMIT is; a phase dies; the
 * provider is down; the process is gone, which the database sees as all connections breaking at once.
 */
const FAULTS = ['cut_after', 'cut_before', 'crash', 'provider_down', 'gone'] as const
type Fault = (typeof FAULTS)[number]

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
}

/**
 * What the second half of the nights may add to the live heap. One night that stayed reachable would keep its
 * two panels, some 12 symbols by 300 sessions by 16 bytes, and as much again in books and results: 100 kB,
 * 12 MB in half a year. The fake market remembers each of its requests, which is 2 to 3 MB of it.
 */
const HEAP_GROWTH_LIMIT = 8 * 1024 * 1024
/** Live data apart, a heap of this size breathes by tens of megabytes. */
const RSS_GROWTH_LIMIT = 96 * 1024 * 1024

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function memory(): NodeJS.MemoryUsage {
  collectGarbage()
  return process.memoryUsage()
}

describe(`${NIGHTS} nights`, () => {
  let market: ScriptedMarket
  let fake: FakeMarket
  let undisturbed: Readonly<Record<string, ResultTable>>

  beforeAll(
    async () => {
      market = await ScriptedMarket.create(HELD_STOCKS, { from: '2024-05-01', to: LAST })
      fake = await startFakeMarket({
        source: fakeSourceOf(market),
        now: () => new Date(),
        random: seeded(1),
      })
      await using world = await createTwoLayers(market.provider(), SESSIONS)
      fake.setScript({})
      for (const evening of SESSIONS) {
        await prepare(world, evening)
        const extras = { chain: await chainOn(world, evening), log: SILENT }
        expect((await world.run(evening, {}, extras)).status).toMatch(/^completed/)
        expect((await world.refresh(evening, {}, extras)).status).toMatch(/^completed/)
      }
      undisturbed = await hashResults(world.db)
    },
    120_000 + 10_000 * NIGHTS,
  )
  afterAll(async () => {
    await fake.stop()
    market[Symbol.dispose]()
  })

  /** Moves the fake market's clock to the night, and makes a night's chain of providers that ask it once. */
  async function chainOn(world: BatchWorld, evening: string): Promise<ProviderChain> {
    const now = sessionClose(session(evening)).plus({ hours: 4 })
    fake.setNow(now.toJSDate())
    const config = loadConfig({
      YAHOO_BASE_URL: fake.url,
      YAHOO_RATE_PER_MINUTE: '100000',
      PROVIDER_MAX_RETRIES: '0',
    })
    return createProviders(
      { ...config, order: { equities: ['yahoo'], options: [] }, skipBadRows: false },
      {
        database: world.store.database,
        clock: fixedClock(now),
        log: SILENT,
        fetch,
        now: () => performance.now(),
        sleep: (ms, signal) => sleep(ms, undefined, { signal }),
        random: seeded(2),
      },
    )
  }

  /**
   * Makes every profile due in the last night: what a provider says of a company is of the day it was asked,
   * and a night without answers puts that off.
   */
  async function prepare(world: BatchWorld, evening: string): Promise<void> {
    if (evening !== LAST) return
    const { db } = world.store.database
    await sql`update company_profiles set last_updated = last_updated - interval '30 days'`.execute(
      db,
    )
  }

  /** Both programs of a night, one after the other whatever becomes of the first. */
  async function night(world: BatchWorld, evening: string, extras: RunExtras): Promise<void> {
    const chain = await chainOn(world, evening)
    const failed = (): undefined => undefined
    await world.run(evening, {}, { ...extras, chain, log: SILENT }).catch(failed)
    await world.refresh(evening, {}, { ...extras, log: SILENT }).catch(failed)
  }

  /** Arranges a fault at a random moment of the night, and what the runs get for it. */
  function arrange(fault: Fault, proxy: PostgresProxy, random: () => number): RunExtras {
    const number = proxy.commits + 1 + Math.floor(random() * 30)
    switch (fault) {
      case 'cut_after':
      case 'cut_before':
        proxy.judgeCommits((n) => (n === number ? fault : 'passes'))
        return {}
      case 'gone':
        proxy.judgeCommits((n) => {
          if (n >= number) proxy.close()
          return n >= number ? 'cut_before' : 'passes'
        })
        return {}
      case 'provider_down':
        fake.setScript(PROVIDER_DOWN)
        return {}
      case 'crash': {
        let phases = Math.floor(random() * 10)
        const phaseEnded = () => {
          if (phases-- === 0) throw new Error('crash of the test')
        }
        return { observer: { phaseEnded } }
      }
    }
  }

  async function faultyNights(world: BatchWorld, proxy: PostgresProxy, seed: number) {
    const random = seeded(seed)
    const counts: Record<string, number> = {}
    const connections: ProxiedConnections = await connectThrough(proxy)
    let middle = memory()
    for (const [i, evening] of SESSIONS.entries()) {
      // The first night decides where stored history begins, so it is a good one.
      const isQuiet = i === 0 || i >= NIGHTS - QUIET_NIGHTS
      fake.setScript(isQuiet ? {} : FAILING_CALLS)
      const isFaulty = !isQuiet && random() < FAULTY_SHARE
      const fault = isFaulty ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined
      const extras = fault === undefined ? {} : arrange(fault, proxy, random)
      if (fault !== undefined) counts[fault] = (counts[fault] ?? 0) + 1
      await prepare(world, evening)
      await night(world, evening, { ...connections, ...extras })
      proxy.judgeCommits(null)
      proxy.open()
      if (i === Math.floor(NIGHTS / 2)) middle = memory()
    }
    const end = memory()
    await connections[Symbol.asyncDispose]()
    return { counts, heap: end.heapUsed - middle.heapUsed, rss: end.rss - middle.rss, end }
  }

  test(
    'of which many go wrong end in the tables of as many good ones, and leave nothing in memory',
    async () => {
      const seed = chooseSeed('SOAK_NIGHTS_SEED')
      await using world = await createTwoLayers(market.provider(), SESSIONS)
      await using proxy = await PostgresProxy.start(world.store.url)
      const { counts, heap, rss, end } = await faultyNights(world, proxy, seed)
      const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1)
      process.stdout.write(
        `${NIGHTS} nights, faults ${JSON.stringify(counts)}; second half: heap ${megabytes(heap)} MB more of ${megabytes(end.heapUsed)}, RSS ${megabytes(rss)} MB more of ${megabytes(end.rss)}\n`,
      )
      expect({ seed, tables: await hashResults(world.db) }).toEqual({ seed, tables: undisturbed })
      const runs = await world.rows<{ status: string }>(
        "select status from batch_run_history where status = 'running'",
      )
      expect(runs).toEqual([])
      expect(heap).toBeLessThan(HEAP_GROWTH_LIMIT)
      expect(rss).toBeLessThan(RSS_GROWTH_LIMIT)
    },
    120_000 + 20_000 * NIGHTS,
  )
})
