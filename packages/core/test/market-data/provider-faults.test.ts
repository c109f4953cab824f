import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { FAULT_KINDS, startFakeMarket, type FakeMarket, type Script } from '@sigmasight/fake-market'
import { sql } from 'kysely'
import { sessionClose } from '../../src/calendar/index.ts'
import type { IsoDate, SessionDate } from '../../src/calendar/iso-date.ts'
import { fixedClock } from '../../src/clock/index.ts'
import { loadConfig } from '../../src/config/index.ts'
import {
  createProviders,
  selectBarCoverage,
  updateBars,
  type BarUpdateReport,
} from '../../src/market-data/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { fakeSourceOf } from '../batch/fake-source.ts'
import { PROXIES, ScriptedMarket } from '../batch/scripted-market.ts'
import { chooseSeed, seeded } from '../batch/seeded.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

type Rule = NonNullable<Script['rules']>[number]
type Fault = Rule['fault']
type Vendor = 'yahoo' | 'polygon'

const SYMBOLS = [...PROXIES, 'ALTO', 'DYNA', 'LOOM', 'ZINC'].sort() as Ticker[]
const WINDOW_START = '2025-05-01' as SessionDate
const NIGHT_BEFORE = '2025-07-10' as SessionDate
const NIGHT = '2025-07-11' as SessionDate
/** Calls of the night without a fault. */
const CALLS: Readonly<Record<Vendor, number>> = { yahoo: SYMBOLS.length, polygon: 9 }
const POSITIONS = ['first', 'middle of', 'last of', 'all'] as const
/** So many times faster than real time do these gates wait. */
const HASTE = 100
/** What a call that stalls is waited for in fact; all others are answered within it on a busy machine, too. */
const STALL_MS = 1_000

/** Time that passes by the waits of a gate alone, however long they and all else take in fact. */
function hastyTime(timeoutSeconds: number) {
  let time = 0
  return {
    now: () => time,
    async sleep(ms: number, signal?: AbortSignal): Promise<void> {
      const end = time + ms
      const inFact = ms === 1000 * timeoutSeconds ? STALL_MS : ms / HASTE
      await sleep(inFact, undefined, { signal })
      time = Math.max(time, end)
    },
  }
}

/** Of the matrix of chapter 95, what a fault can carry of its own; `SOAK_FAULTS=1` takes every place. */
const STATUS_FAULTS: readonly Fault[] = [
  { kind: 'status', status: 429 },
  { kind: 'status', status: 429, retryAfter: 2 },
  ...[500, 503, 401, 404].map((status) => ({ kind: 'status', status }) as const),
]
const ROW_FAULTS: readonly Fault[] = (
  ['null_bars', 'negative_price', 'times_100', 'volume_as_text'] as const
).flatMap((kind) => (['last', 'all'] as const).map((rows) => ({ kind, rows })))
const OTHER_FAULTS: readonly Fault[] = FAULT_KINDS.filter(
  // Bars need no crumb.
  (kind) =>
    !['status', 'invalid_crumb'].includes(kind) && ROW_FAULTS.every((fault) => fault.kind !== kind),
).map((kind) => ({ kind }) as Fault)
const FAULTS = [...STATUS_FAULTS, ...ROW_FAULTS, ...OTHER_FAULTS]

function nameOf(fault: Fault): string {
  return Object.values(fault).join(' ')
}

function cases(vendor: Vendor) {
  const random = seeded(chooseSeed('SOAK_FAULTS_SEED'))
  const every = process.env['SOAK_FAULTS'] !== undefined
  return FAULTS.flatMap((fault) => {
    const chosen = POSITIONS[Math.floor(random() * POSITIONS.length)]
    const places = every ? POSITIONS : POSITIONS.filter((place) => place === chosen)
    return places.map((place) => {
      const calls = place.endsWith(' of') ? `${place} ${CALLS[vendor]}` : place
      return [nameOf(fault), calls, fault] as const
    })
  })
}

describe('a night with a provider that misbehaves', () => {
  let market: ScriptedMarket
  let fake: FakeMarket
  let store: TestDatabase
  beforeAll(async () => {
    market = await ScriptedMarket.create(
      SYMBOLS.filter((symbol) => !PROXIES.includes(symbol)),
      { from: WINDOW_START, to: '2025-07-14' },
    )
    store = await createTestDatabase()
    fake = await startFakeMarket({
      source: fakeSourceOf(market),
      now: () => sessionClose(NIGHT).plus({ hours: 4 }).toJSDate(),
      random: seeded(1),
    })
    await update('yahoo', NIGHT_BEFORE)
  })
  afterAll(async () => {
    await fake.stop()
    await store.drop()
    market[Symbol.dispose]()
  })

  /** Brings the bars up to a session from one vendor alone. */
  async function update(vendor: Vendor, end: SessionDate): Promise<BarUpdateReport> {
    const { database } = store
    const clock = fixedClock(sessionClose(NIGHT).plus({ hours: 4 }))
    const config = loadConfig({
      PRICE_PROVIDERS: vendor,
      YAHOO_BASE_URL: fake.url,
      POLYGON_BASE_URL: fake.url,
      POLYGON_API_KEY: 'test-key',
      YAHOO_RATE_PER_MINUTE: '100000',
      POLYGON_RATE_PER_MINUTE: '100000',
    })
    const order = { equities: [vendor], options: [] }
    const chain = await createProviders(
      { ...config, order, skipBadRows: false },
      {
        database,
        clock,
        log: SILENT,
        fetch,
        ...hastyTime(config.providerTimeoutSeconds),
        random: seeded(2),
      },
    )
    const window = { symbols: SYMBOLS, windowStart: WINDOW_START, end }
    return updateBars({
      database,
      chain,
      clock,
      log: SILENT,
      signal: new AbortController().signal,
      batchRunId: '00000000-0000-4000-8000-000000000000',
      plan: {
        ...window,
        coverage: await selectBarCoverage(database.db, window),
        askedFrom: new Map(),
      },
      preferred: new Map(),
      judge: { effectiveDate: NIGHT, quarantineReturn: 0.6 },
      progress: () => undefined,
    })
  }

  /** Stored rows that say something else than what was traded. */
  async function badRows(): Promise<readonly string[]> {
    const { rows } = await sql<{
      symbol: string
      date: IsoDate
      close: string | null
      dividend: string
      split_ratio: string
    }>`select symbol, date, close, dividend, split_ratio from market_data_cache`.execute(
      store.database.db,
    )
    return rows.flatMap(({ symbol, date, close, dividend, split_ratio }) => {
      const fact = market.bar(symbol, date)
      const isRight =
        (close === null || Math.abs(Number(close) - (fact.close ?? NaN)) <= 1e-6 * Number(close)) &&
        Math.abs(Number(dividend) - (fact.dividend ?? 0)) <= 1e-6 &&
        Number(split_ratio) === (fact.splitRatio ?? 1)
      return isRight ? [] : [`${symbol} ${date}: ${close} ${dividend} ${split_ratio}`]
    })
  }

  async function missingOnNight(): Promise<readonly Ticker[]> {
    const { rows } = await sql<{ symbol: Ticker }>`
      select symbol from unnest(${SYMBOLS}::text[]) symbol
      except select symbol from market_data_cache where date = ${NIGHT} and close is not null
      order by 1
    `.execute(store.database.db)
    return rows.map(({ symbol }) => symbol)
  }

  async function checkedNight(vendor: Vendor, rule: Rule): Promise<BarUpdateReport> {
    await sql`delete from market_data_cache where date = ${NIGHT}`.execute(store.database.db)
    fake.setScript({ rules: [rule] })
    const before = fake.requests.length
    const report = await update(vendor, NIGHT)
    expect(await badRows()).toEqual([])
    const usage = report.usage.get(vendor)
    expect(usage?.waitedMs).toBeLessThan(300_000)
    expect(usage?.calls).toBe(fake.requests.length - before)
    return report
  }

  test('and one that does not: every bar is there and as traded', async () => {
    for (const vendor of ['yahoo', 'polygon'] as const) {
      await checkedNight(vendor, {
        match: { vendor },
        calls: 'call 1000',
        fault: { kind: 'reset' },
      })
      expect(await missingOnNight()).toEqual([])
    }
  })

  test.each(cases('yahoo'))('yahoo: %s, %s: no bad row', (_, calls, fault) =>
    checkedNight('yahoo', { match: { vendor: 'yahoo', endpoint: 'chart' }, calls, fault }),
  )

  test.each(cases('polygon'))('polygon: %s, %s: no bad row', (_, calls, fault) => {
    // That a list names the wrong symbol for an event nobody can tell; the next nights ask again.
    const match: Rule['match'] =
      fault.kind === 'wrong_symbol'
        ? { vendor: 'polygon', endpoint: 'grouped' }
        : { vendor: 'polygon' }
    return checkedNight('polygon', { match, calls, fault })
  })

  test('a provider that is down is asked a handful of times, not once per symbol', async () => {
    const { failures, usage } = await checkedNight('yahoo', {
      match: { vendor: 'yahoo' },
      fault: { kind: 'status', status: 503 },
    })
    expect(failures.size).toBe(SYMBOLS.length)
    expect(usage.get('yahoo')?.calls).toBeLessThan(10)
  })
})

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
}
