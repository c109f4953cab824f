import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IsoDate } from '@sigmasight/core/calendar'
import {
  dropDatabase,
  ensureDatabase,
  migrateToLatest,
  openDatabase,
  startEmbeddedPostgres,
  type Database,
} from '@sigmasight/core/database'
import { addSymbols } from '@sigmasight/core/symbols'
import { createSyntheticMarket } from '@sigmasight/core/market-data'
import { writeFileMarket } from './file-market.ts'
import { runMeasured, type Measured } from './run-measured.ts'

type Environment = Readonly<Record<string, string>>

/** A database of its own and a file of prices, for one case. */
export interface BenchWorld extends AsyncDisposable {
  readonly database: Database
  /** What its programs run with. */
  readonly env: Environment
  /** Symbols besides the synthetic market's own. */
  readonly extraSymbols: number
  /** Runs symbol-batch, by default on this world's file of prices. */
  runBatch(args: readonly string[], signal: AbortSignal, env?: Environment): Promise<Measured>
  /** Runs portfolio-refresh on this world. */
  runRefresh(args: readonly string[], signal: AbortSignal): Promise<Measured>
}

export interface WorldOptions {
  /** Symbols in the universe besides the factor proxies. */
  readonly symbols: number
  readonly from: IsoDate
  readonly to: IsoDate
}

const DATABASE = 'sigmasight_bench'

/** An instant after the close of a session and before the next one. */
export function nightAfter(session: IsoDate): string {
  return `${session}T23:59:00Z`
}

/** Makes an empty, migrated database and a file of synthetic prices for so many symbols. */
export async function openWorld(options: WorldOptions): Promise<BenchWorld> {
  const server = (await startEmbeddedPostgres()).url
  await dropDatabase(server, DATABASE)
  const url = await ensureDatabase(server, DATABASE)
  const folder = await mkdtemp(join(tmpdir(), 'sigmasight-bench-'))
  const path = join(folder, 'bars.csv')
  const { from, to } = options
  const extraSymbols = Math.max(
    0,
    options.symbols - createSyntheticMarket({ seed: 1 }).symbols.length,
  )
  await writeFileMarket({ path, extraSymbols, from, to })
  const database = await openDatabase({ url, poolMax: 2, applicationName: 'bench' })
  await migrateToLatest(database)
  const { symbols } = createSyntheticMarket({ seed: 1, extraSymbols })
  await addSymbols(database.db, symbols)
  const env = {
    DATABASE_URL: url,
    PRICE_PROVIDERS: 'file',
    PRICE_FILE_PATH: path,
    BATCH_V2_ENABLED: 'true',
    SIGMASIGHT_NOW: nightAfter(to),
  }
  return {
    database,
    env,
    extraSymbols,
    runBatch: (args, signal, changes = {}) =>
      runMeasured('apps/symbol-batch/src/main.ts', ['--summary-json', ...args], {
        env: { ...env, ...changes },
        signal,
      }),
    runRefresh: (args, signal) =>
      runMeasured('apps/portfolio-refresh/src/main.ts', ['--summary-json', ...args], {
        env,
        signal,
      }),
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      await dropDatabase(server, DATABASE)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
