import { expect, test } from '@jest/globals'
import { sql, type Kysely } from 'kysely'
import type { RunResult } from '@sigmasight/core/batch'
import type { Tables } from '@sigmasight/core/database'
import { addToUniverse } from '../../../packages/core/test/batch/batch-world.ts'
import { hashResults } from '../../../packages/core/test/harness/result-tables.ts'
import {
  startProgram,
  type StartedProgram,
} from '../../../packages/core/test/harness/run-program.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../../packages/core/test/harness/test-database.ts'
import { insertFacts, type PortfolioFact } from '../../../packages/core/test/portfolios/facts.ts'
import { addUser } from '../../../packages/core/test/portfolios/portfolio-world.ts'
import { until } from '../../../packages/core/test/harness/until.ts'
import { BatchCommand, resultOf } from './batch-command.ts'

const SYMBOLS = ['ALTO', 'DYNA', 'HALO', 'KITE', 'LOOM', 'XENO']
const TWO_DATES = ['legacy', '--start-date', '2025-07-21', '--end-date', '2025-07-22']
const PORTFOLIOS = SYMBOLS.map((symbol, i): PortfolioFact => {
  const entryDate = '2025-06-10'
  const hedge = SYMBOLS[(i + 1) % SYMBOLS.length] ?? symbol
  return {
    name: `pair ${i}`,
    equity: `${100_000 + 777 * i}.25`,
    asOf: '2025-07-21',
    lots: [
      { symbol, quantity: `${40 + i}`, entry: '70.5', entryDate },
      { symbol: hedge, quantity: `-${10 + i}`, entry: '81.25', entryDate },
    ],
    flows: [{ date: '2025-07-22', amount: `${100 * i + 50}.10` }],
  }
})

type Worker = 'symbol-batch' | 'portfolio-refresh'

/** A database with facts, and the programs of the combined mode on it. */
class CombinedWorld implements AsyncDisposable {
  readonly store: TestDatabase
  readonly #env: Readonly<Record<string, string>>
  readonly #workers = new Map<StartedProgram, Worker>()

  private constructor(store: TestDatabase) {
    this.store = store
    this.#env = {
      BATCH_V2_ENABLED: 'false',
      DATABASE_URL: store.url,
      PRICE_PROVIDERS: 'synthetic',
      SIGMASIGHT_NOW: '2025-07-23T01:00:00Z',
    }
  }

  static async create(): Promise<CombinedWorld> {
    const store = await createTestDatabase()
    await addToUniverse(store, SYMBOLS)
    await insertFacts(store.database.db, await addUser(store), { portfolios: PORTFOLIOS, bars: {} })
    return new CombinedWorld(store)
  }

  get db(): Kysely<Tables> {
    return this.store.database.db
  }

  run(...args: readonly string[]): Promise<RunResult> {
    const command = new BatchCommand(this.#env)
    return command.run([...TWO_DATES, '--summary-json', ...args]).then(resultOf)
  }

  startWorker(name: Worker): StartedProgram {
    const worker = startProgram(`apps/${name}/src/main.ts`, ['work', '--log-json'], this.#env)
    this.#workers.set(worker, name)
    return worker
  }

  /** Kills a worker that is held up in a unit, lets the queue notice at once, and starts another. */
  async replace(name: Worker, victim: StartedProgram): Promise<void> {
    await until('a unit that is held up', () => this.#isHeldUp(name))
    victim.process.kill('SIGKILL')
    await victim.ended
    this.#workers.delete(victim)
    await sql`
      update pgboss.job set heartbeat_on = heartbeat_on - interval '1 hour'
      where name = ${name} and state = 'active'
    `.execute(this.db)
    this.startWorker(name)
  }

  async #isHeldUp(name: Worker): Promise<boolean> {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database()
        and application_name = ${`${name}-work`} and wait_event_type = 'Lock'
    `.execute(this.db)
    return rows.length > 0
  }

  /** Units done of each kind, and how many of them were tried again. */
  async units(): Promise<readonly object[]> {
    const { rows } = await sql<object>`
      select name, count(*) filter (where state <> 'completed')::int as not_done,
             count(*) filter (where retry_count > 0)::int as tried_again
      from pgboss.job where data ->> 'batchRunId' is not null group by name order by name
    `.execute(this.db)
    return rows
  }

  /** Tells the workers to stop; what each of them did. */
  async stopWorkers(): Promise<readonly { name: Worker; code: number | null; done: number }[]> {
    const ending = [...this.#workers]
    this.#workers.clear()
    for (const [{ process: child }] of ending) child.kill('SIGTERM')
    return Promise.all(
      ending.map(async ([{ ended }, name]) => {
        const { code, stdout } = await ended
        return { name, code, done: stdout.split('"unit_done"').length - 1 }
      }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopWorkers()
    await this.store.drop()
  }
}

/** All of a result but its id, its moments and durations. */
function countsOf({ dates, status, job_summary, data_quality, alerts }: RunResult) {
  const phases = dates.map(({ date, phases: own }) => ({
    date,
    phases: Object.entries(own).map(([name, phase]) => {
      const { processed, skipped, failed, reasons } = phase
      return { name, status: phase.status, processed, skipped, failed, reasons }
    }),
  }))
  return { status, job_summary, data_quality, alerts, phases }
}

async function outcomeOf(world: CombinedWorld, running: Promise<RunResult>) {
  return { counts: countsOf(await running), tables: await hashResults(world.db) }
}

test('a combined run in chunks gives the tables and counts of one process, also when workers are killed', async () => {
  await using undivided = await CombinedWorld.create()
  const alone = await outcomeOf(undivided, undivided.run())
  expect(alone.counts.phases.map(({ date }) => date)).toEqual(['2025-07-21', '2025-07-22'])
  expect(alone.tables['symbol_factor_exposures']?.rows).toBeGreaterThan(100)
  expect(alone.tables['portfolio_snapshots']?.rows).toBe(2 * PORTFOLIOS.length)
  expect(alone.tables['stress_test_results']?.rows).toBeGreaterThan(100)

  await using divided = await CombinedWorld.create()
  const victims = {
    symbols: divided.startWorker('symbol-batch'),
    portfolios: divided.startWorker('portfolio-refresh'),
  }
  // Held up in their middle: the symbols by the table they write, the portfolios by their rows.
  const led = await divided.db.transaction().execute(async (books) => {
    await sql`select from portfolios for update`.execute(books)
    const started = await divided.db.transaction().execute(async (betas) => {
      await sql`lock table symbol_factor_exposures in share mode`.execute(betas)
      const running = divided.run('--distributed')
      await divided.replace('symbol-batch', victims.symbols)
      return { running }
    })
    await divided.replace('portfolio-refresh', victims.portfolios)
    return started
  })
  expect(await outcomeOf(divided, led.running)).toEqual(alone)
  expect(await divided.units()).toEqual([
    { name: 'portfolio-refresh', not_done: 0, tried_again: 1 },
    { name: 'symbol-batch', not_done: 0, tried_again: 1 },
  ])
  const ends = await divided.stopWorkers()
  expect(ends.map(({ name, code }) => ({ name, code }))).toEqual([
    { name: 'symbol-batch', code: 143 },
    { name: 'portfolio-refresh', code: 143 },
  ])
  expect(Math.min(...ends.map(({ done }) => done))).toBeGreaterThan(0)
})
