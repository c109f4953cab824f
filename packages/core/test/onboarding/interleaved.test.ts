import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import {
  runPortfolioRefresh,
  type PortfolioRunEnvironment,
  type RunRequest,
} from '../../src/batch/index.ts'
import type { RunObserver } from '../../src/batch/observer.ts'
import { sessionClose, sessionsBack } from '../../src/calendar/index.ts'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import { fixedClock } from '../../src/clock/index.ts'
import { openDatabase, type Database } from '../../src/database/index.ts'
import type { Logger } from '../../src/logging/index.ts'
import { createSyntheticMarket, DEMO_SEED } from '../../src/market-data/index.ts'
import { createOnboarding, onboardPortfolio, type Onboarding } from '../../src/onboarding/index.ts'
import { loadPricePanel, type PricePanel } from '../../src/returns/index.ts'
import { BatchWorld, nightlyRequest, range, session } from '../batch/batch-world.ts'
import { chooseSeed, seeded } from '../batch/seeded.ts'
import { PORTFOLIO_SETTINGS } from '../portfolios/portfolio-settings.ts'
import { goodFile } from './mutated-csv.ts'

const YESTERDAY = session('2025-07-09')
const TONIGHT = session('2025-07-10')
const STOCKS = ['ALTO', 'BYTE', 'COVE', 'DYNA', 'ELMS', 'FERN']
/** Uploads during the night; `SOAK_INTERLEAVED=200` for more. */
const UPLOADS = Number(process.env['SOAK_INTERLEAVED'] ?? 8)

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
}
const nobody: RunObserver = {
  phaseStarted: () => undefined,
  phaseProgress: () => undefined,
  phaseEnded: () => undefined,
}

let world: BatchWorld
let history: Database
let environment: PortfolioRunEnvironment
let onboarding: Onboarding
let userId: string
let held: { readonly edition: string; readonly readAt: Date; readonly panel: PricePanel }

beforeAll(async () => {
  world = await BatchWorld.create(STOCKS, createSyntheticMarket({ seed: DEMO_SEED }))
  await world.run(YESTERDAY)
  history = await openDatabase({ url: world.store.url, poolMax: 2, applicationName: 'test-runs' })
  environment = {
    database: world.store.database,
    history,
    lockUrl: world.store.url,
    clock: fixedClock(sessionClose(TONIGHT).plus({ hours: 4 })),
    log: silent,
    signal: new AbortController().signal,
    observer: nobody,
    sleep: () => Promise.resolve(),
    settleMinutes: 30,
    timeoutSecondsPerDate: 600,
    settings: PORTFOLIO_SETTINGS,
    wait: { maxMinutes: 0, pollSeconds: 1 },
  }
  held = await readPrices(YESTERDAY)
  onboarding = createOnboarding({
    runs: environment,
    isV2: true,
    // As the API has them: all of them in memory, of one edition until they are read again.
    prices: { held: () => held },
    symbolRuns: () => Promise.reject(new Error('every symbol is known')),
    concurrency: 1,
    maxQueue: 1,
    launch: () => Promise.reject(new Error('nothing is launched')),
    cancel: () => Promise.resolve(false),
    record: () => undefined,
    sleep: () => Promise.resolve(),
  })
  const { rows } = await sql<{ id: string }>`
    insert into users (email, password_hash, full_name) values ('a@example.com', 'x', 'A') returning id
  `.execute(world.db)
  userId = rows[0]?.id ?? ''
})
afterAll(async () => {
  await onboarding[Symbol.asyncDispose]()
  await history[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

/** The prices through a session, read an hour after the evening's run ended if that is the session. */
async function readPrices(through: SessionDate): Promise<typeof held> {
  const known = await world.db.selectFrom('symbol_universe').select('symbol').execute()
  const symbols = known.map(({ symbol }) => symbol)
  const query = { symbols, from: sessionsBack(through, 299), to: through }
  const readAt = sessionClose(through).plus({ hours: 5 }).toJSDate()
  return { edition: through, readAt, panel: await loadPricePanel(world.db, query) }
}

const FILE = new TextEncoder().encode(goodFile(30, STOCKS))

async function upload(name: string) {
  const form = {
    portfolioName: name,
    accountName: name,
    accountType: 'taxable',
    equityBalance: '250000',
    description: '',
  }
  return onboardPortfolio(onboarding, { userId, form, file: FILE }, { isDryRun: false })
}

function refresh(observer: RunObserver = nobody, request: Partial<RunRequest> = {}) {
  return runPortfolioRefresh(
    { ...environment, observer },
    { ...nightlyRequest, jobType: 'portfolio_refresh', ...request },
  )
}

/** Tables of a portfolio's results, without ids and the moments of writing. */
const TABLES = [
  'portfolio_snapshots',
  'positions',
  'factor_exposures',
  'stress_test_results',
  'correlation_calculations',
] as const

async function rowsOf(name: string): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const found: Record<string, readonly unknown[]> = {}
  for (const table of TABLES) {
    const { rows } = await sql<{ row: unknown }>`
      select to_jsonb(t) - array['id', 'portfolio_id', 'created_at', 'updated_at'] as row
      from ${sql.table(table)} t join portfolios f on f.id = t.portfolio_id
      where f.name = ${name} order by 1
    `.execute(world.db)
    found[table] = rows.map(({ row }) => row)
  }
  const { rows } = await sql<{ row: unknown }>`
    select jsonb_build_array(p.symbol, p.entry_date, p.quantity, to_jsonb(v) - array['id', 'position_id', 'created_at', 'updated_at']) as row
    from position_volatility v
    join positions p on p.id = v.position_id
    join portfolios f on f.id = p.portfolio_id
    where f.name = ${name} order by 1
  `.execute(world.db)
  return { ...found, position_volatility: rows.map(({ row }) => row) }
}

test(
  'a portfolio uploaded at any moment of the night ends with the rows of one uploaded before or after it',
  async () => {
    const random = seeded(chooseSeed('SOAK_INTERLEAVED_SEED'))
    // Phases of both programs of the night, of which some are chosen to be disturbed.
    const moments = Array.from({ length: UPLOADS }, () => Math.floor(random() * 15))
    const uploads: Promise<unknown>[] = []
    let phase = 0
    const disturb: RunObserver = {
      ...nobody,
      phaseStarted() {
        for (const moment of moments) {
          if (moment === phase) uploads.push(upload(`during ${uploads.length}`))
        }
        phase += 1
      },
    }
    await upload('before')

    await world.run(TONIGHT, {}, { observer: disturb })
    held = await readPrices(TONIGHT)
    await refresh(disturb)
    const during = await Promise.all(uploads)
    await upload('after')
    const last = await refresh()

    expect(during).toHaveLength(UPLOADS)
    for (const one of during) expect(one).toMatchObject({ status: 'ready' })
    expect(last.status).toMatch(/^completed/)
    const before = await rowsOf('before')
    const after = await rowsOf('after')
    expect(before['portfolio_snapshots']).toHaveLength(2)
    expect(after['portfolio_snapshots']).toHaveLength(1)
    for (let i = 0; i < UPLOADS; i++) {
      const rows = await rowsOf(`during ${i}`)
      const isOfTonight = rows['portfolio_snapshots']?.length === 1
      expect(rows).toEqual(isOfTonight ? after : before)
    }
    // Nothing that an upload remembered of others differs from what a run finds by itself.
    await refresh(nobody, { ...range(TONIGHT, TONIGHT), force: true })
    expect(await rowsOf('before')).toEqual(before)
    expect(await rowsOf('after')).toEqual(after)
  },
  600_000 + 10_000 * UPLOADS,
)
