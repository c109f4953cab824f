import { ExitCode, type CliContext } from '@sigmasight/core/cli'
import { loadConfig } from '@sigmasight/core/config'
import {
  ensureDatabase,
  migrateToLatest,
  openDatabase,
  startEmbeddedPostgres,
  type Database,
} from '@sigmasight/core/database'
import { UsageError } from '@sigmasight/core/errors'
import { createSyntheticMarket, DEMO_SEED } from '@sigmasight/core/market-data'
import { addSymbols } from '@sigmasight/core/symbols'
import { compareBetas } from './compare-betas.ts'
import { runSymbolBatchProgram } from './run-symbol-batch-program.ts'

/** The demo has a database of its own beside the one that programs use, so that no real price mixes with a synthetic one. */
const DEMO_DATABASE = 'sigmasight_demo'

/** Sets everything up, runs the night's jobs on the synthetic market, and shows what they found. */
export async function runDemo({ env, signal, stdout }: CliContext): Promise<number> {
  const config = loadConfig(env)
  stdout.write('PostgreSQL   ')
  const url = config.databaseUrl ?? (await demoUrl())
  await using database = await openDatabase({ url, poolMax: 2, applicationName: 'start' })
  stdout.write(config.databaseUrl === null ? 'embedded\n' : 'from DATABASE_URL\n')
  const applied = await migrateToLatest(database)
  stdout.write(`migrations   ${applied.length === 0 ? 'none due' : `${applied.length} applied`}\n`)
  await refuseRealPrices(database)
  const market = createSyntheticMarket({ seed: DEMO_SEED })
  await addSymbols(database.db, market.symbols)
  stdout.write(`market       synthetic, ${market.symbols.length} symbols with known betas\n\n`)
  const code = await runSymbolBatchProgram({ url, env, signal })
  if (code !== ExitCode.done) return code
  stdout.write(await compareBetas(database, market))
  return ExitCode.done
}

async function demoUrl(): Promise<string> {
  return ensureDatabase((await startEmbeddedPostgres()).url, DEMO_DATABASE)
}

async function refuseRealPrices(database: Database): Promise<void> {
  const other = await database.db
    .selectFrom('market_data_cache')
    .select('data_source')
    .where('data_source', '<>', 'synthetic')
    .limit(1)
    .executeTakeFirst()
  if (other === undefined) return
  throw new UsageError(
    `DATABASE_URL names a database that holds prices of ${other.data_source}: the demo's synthetic prices would mix with them. Unset DATABASE_URL, or name an empty database`,
  )
}
