import { sql } from 'kysely'
import type { RunResult } from '@sigmasight/core/batch'
import {
  runProgram,
  startProgram,
  type EndedProgram,
  type StartedProgram,
} from '../../../packages/core/test/harness/run-program.ts'
import type { TestDatabase } from '../../../packages/core/test/harness/test-database.ts'
import { until } from '../../../packages/core/test/harness/until.ts'

export type Environment = Readonly<Record<string, string>>

const SCRIPT = 'apps/symbol-batch/src/main.ts'

/** The program with a database and a market, as a cron platform starts it. */
export class BatchCommand {
  readonly #environment: Environment

  constructor(environment: Environment) {
    this.#environment = { BATCH_V2_ENABLED: 'true', ...environment }
  }

  run(args: readonly string[], environment: Environment = {}): Promise<EndedProgram> {
    return runProgram(SCRIPT, args, { ...this.#environment, ...environment })
  }

  start(args: readonly string[], environment: Environment = {}): StartedProgram {
    return startProgram(SCRIPT, args, { ...this.#environment, ...environment })
  }

  /** Runs to the end and reads the result object that `--summary-json` prints. */
  async result(args: readonly string[], environment: Environment = {}): Promise<RunResult> {
    return resultOf(await this.run([...args, '--summary-json'], environment))
  }
}

/** The result object on stdout; with it nothing else may be there. */
export function resultOf({ code, stdout, stderr }: EndedProgram): RunResult {
  if (stdout === '') throw new Error(`exit ${String(code)} without a result:\n${stderr}`)
  return JSON.parse(stdout) as RunResult
}

export interface TableContent {
  readonly table: string
  readonly rows: number
  readonly hash: string
}

/** Count and hash of everything in every table: equal before and after means that nothing was written. */
export async function everyTable({ database }: TestDatabase): Promise<readonly TableContent[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by 1
  `.execute(database.db)
  const contents: TableContent[] = []
  for (const { name } of tables) {
    const { rows } = await sql<Omit<TableContent, 'table'>>`
      select count(*)::int as rows, coalesce(md5(string_agg(t::text, E'\n' order by t::text)), '') as hash
      from ${sql.table(name)} t
    `.execute(database.db)
    for (const row of rows) contents.push({ table: name, ...row })
  }
  return contents
}

export interface PastRun {
  readonly batch_run_id: string
  readonly status: string
  readonly reason: string | null
}

/** The ledger, oldest run first. */
export async function pastRuns({ database }: TestDatabase): Promise<readonly PastRun[]> {
  const { rows } = await sql<PastRun>`
    select batch_run_id, status, error_summary ->> 'reason' as reason
    from batch_run_history order by created_at
  `.execute(database.db)
  return rows
}

/** Waits for a run that the ledger tells of and is not among those known before. */
export function newRun(store: TestDatabase, known: readonly PastRun[] = []): Promise<PastRun> {
  const ids = known.map(({ batch_run_id }) => batch_run_id)
  return until('another run in the ledger', async () =>
    (await pastRuns(store)).find(({ batch_run_id }) => !ids.includes(batch_run_id)),
  )
}
