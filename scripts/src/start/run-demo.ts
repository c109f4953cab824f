import { randomBytes } from 'node:crypto'
import { effectiveDate } from '@sigmasight/core/calendar'
import { ExitCode, type CliContext } from '@sigmasight/core/cli'
import { clockOf, loadConfig } from '@sigmasight/core/config'
import {
  ensureDatabase,
  migrateToLatest,
  openDatabase,
  startEmbeddedPostgres,
} from '@sigmasight/core/database'
import { assertNoRealPrices, openDemoLogin, seedDemo } from '@sigmasight/core/demo'
import { createSyntheticMarket, DEMO_SEED } from '@sigmasight/core/market-data'
import { addSymbols } from '@sigmasight/core/symbols'
import { compareBetas } from './compare-betas.ts'
import { compareExposures } from './compare-exposures.ts'
import { runProgram } from './run-program.ts'
import { showPortfolios } from './show-portfolios.ts'

/** The demo has a database of its own beside the one that programs use, so that no real price mixes with a synthetic one. */
const DEMO_DATABASE = 'sigmasight_demo'

/** Bytes of the password that a start makes up for the demo's user. */
const PASSWORD_BYTES = 12

/**
 * Sets everything up, runs the night's jobs on the synthetic market, shows what they found, and serves the API on
 * it until told to stop; with `once` it ends after the jobs.
 */
export async function runDemo(
  { env, signal, stdout }: CliContext,
  { once }: { readonly once: boolean },
): Promise<number> {
  const config = loadConfig(env)
  stdout.write('PostgreSQL   ')
  const url = config.databaseUrl ?? (await demoUrl())
  await using database = await openDatabase({ url, poolMax: 2, applicationName: 'start' })
  stdout.write(config.databaseUrl === null ? 'embedded\n' : 'from DATABASE_URL\n')
  const applied = await migrateToLatest(database)
  stdout.write(`migrations   ${applied.length === 0 ? 'none due' : `${applied.length} applied`}\n`)
  await assertNoRealPrices(database.db)
  const market = createSyntheticMarket({ seed: DEMO_SEED })
  await addSymbols(database.db, market.symbols)
  stdout.write(`market       synthetic, ${market.symbols.length} symbols with known betas\n`)
  // Before the symbol batch, which fetches the option contracts because positions hold them.
  const asOf = effectiveDate(clockOf(config).now(), config.marketSettleMinutes)
  const portfolios = await seedDemo(database, market, asOf)
  const lots = portfolios.reduce((sum, portfolio) => sum + portfolio.lots, 0)
  stdout.write(`portfolios   ${portfolios.length} with ${lots} lots, ${state(portfolios)}\n\n`)
  for (const program of ['symbol-batch', 'portfolio-refresh'] as const) {
    const code = await runProgram(program, { url, env, signal })
    if (code !== ExitCode.done) return code
  }
  stdout.write(await compareBetas(database, market))
  stdout.write(await compareExposures(database, market))
  stdout.write(await showPortfolios(database))
  if (once) return ExitCode.done
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  const email = await openDemoLogin(database.db, password)
  const address = `http://localhost:${config.port}`
  stdout.write(
    `\npages        ${address}\nAPI          ${address}/api/v1, to be read about at ${address}/docs\n`,
  )
  stdout.write(`log in       ${email} with ${password}\nCtrl-C ends it.\n\n`)
  const code = await runProgram('api', { url, env, signal })
  return signal.aborted ? ExitCode.done : code
}

function state(portfolios: Awaited<ReturnType<typeof seedDemo>>): string {
  return portfolios.some(({ isNew }) => isNew) ? 'entered' : 'there already'
}

async function demoUrl(): Promise<string> {
  return ensureDatabase((await startEmbeddedPostgres()).url, DEMO_DATABASE)
}
