import { sql } from 'kysely'
import type { RunResult } from '../../src/batch/index.ts'
import { openDatabase, type Database } from '../../src/database/index.ts'
import type { MarketDataProvider } from '../../src/market-data/index.ts'
import type { PostgresProxy } from '../harness/postgres-proxy.ts'
import { addUser } from '../portfolios/portfolio-world.ts'
import { insertFacts, type PortfolioFact } from '../portfolios/facts.ts'
import { BatchWorld, type RunExtras } from './batch-world.ts'

export const HELD_STOCKS = ['ALTO', 'LOOM', 'ZINC']

/** Two portfolios, long and short, with a flow and a later entry, whose record begins on a session. */
function portfoliosFrom(first: string, second: string): readonly PortfolioFact[] {
  return [
    {
      name: 'long',
      equity: '100000.00',
      asOf: first,
      lots: [
        { symbol: 'ALTO', quantity: '100', entry: '80', entryDate: '2025-06-02' },
        { symbol: 'LOOM', quantity: '200', entry: '30', entryDate: second },
      ],
      flows: [{ date: second, amount: '2500' }],
    },
    {
      name: 'short',
      equity: '50000.00',
      asOf: first,
      lots: [{ symbol: 'ZINC', quantity: '-150', entry: '60', entryDate: '2025-06-02' }],
    },
  ]
}

/** A world in which both layers have work from the first of these sessions on. */
export async function createTwoLayers(
  provider: MarketDataProvider,
  [first = '', second = '']: readonly string[],
): Promise<BatchWorld> {
  const world = await BatchWorld.create(HELD_STOCKS, provider)
  const userId = await addUser(world.store)
  await insertFacts(world.db, userId, { portfolios: portfoliosFrom(first, second), bars: {} })
  return world
}

/** The connections of a program, all through a proxy. */
export interface ProxiedConnections
  extends Required<Pick<RunExtras, 'database' | 'history' | 'lockUrl'>>, AsyncDisposable {}

export async function connectThrough(proxy: PostgresProxy): Promise<ProxiedConnections> {
  const { url } = proxy
  const open = (applicationName: string, poolMax: number): Promise<Database> =>
    openDatabase({ url, poolMax, applicationName })
  const database = await open('test-work', 5)
  const history = await open('test-history', 1)
  await sql`set synchronous_commit = off`.execute(history.db)
  return {
    database,
    history,
    lockUrl: url,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      await history[Symbol.asyncDispose]()
    },
  }
}

/** What a result says was done, without what tells apart two runs that did the same. */
export function workOf({ status, dates, missing_symbols, ...totals }: RunResult) {
  const { total_jobs, successful_jobs, failed_jobs, portfolios_processed, symbols_processed } =
    totals
  return {
    status,
    missing_symbols,
    totals: { total_jobs, successful_jobs, failed_jobs, portfolios_processed, symbols_processed },
    dates: dates.map(({ date, status: ended, phases }) => ({
      date,
      status: ended,
      phases: Object.fromEntries(
        Object.entries(phases).map(([name, { started_at, duration_ms, ...phase }]) => [
          name,
          phase,
        ]),
      ),
    })),
  }
}
