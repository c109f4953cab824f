import type { RunResult } from '@sigmasight/core/batch'
import {
  runProgram,
  startProgram,
  type EndedProgram,
  type StartedProgram,
} from '../../../packages/core/test/harness/run-program.ts'

type Environment = Readonly<Record<string, string>>

const SCRIPT = 'apps/portfolio-refresh/src/main.ts'

/** The program with a database, as a cron platform starts it on the evening of 22 July 2025. */
export class RefreshCommand {
  readonly #environment: Environment

  constructor(url: string, environment: Environment = {}) {
    this.#environment = {
      BATCH_V2_ENABLED: 'true',
      DATABASE_URL: url,
      SIGMASIGHT_NOW: '2025-07-23T01:30:00Z',
      SYMBOL_BATCH_POLL_SECONDS: '1',
      ...environment,
    }
  }

  /** The same with other variables set besides. */
  with(environment: Environment): RefreshCommand {
    const url = this.#environment['DATABASE_URL'] ?? ''
    return new RefreshCommand(url, { ...this.#environment, ...environment })
  }

  run(...args: readonly string[]): Promise<EndedProgram> {
    return runProgram(SCRIPT, args, this.#environment)
  }

  start(...args: readonly string[]): StartedProgram {
    return startProgram(SCRIPT, args, this.#environment)
  }
}

/** The result object on stdout; with it nothing else may be there. */
export function resultOf({ code, stdout, stderr }: EndedProgram): RunResult {
  if (stdout === '') throw new Error(`exit ${String(code)} without a result:\n${stderr}`)
  return JSON.parse(stdout) as RunResult
}
