import {
  startProgram,
  type StartedProgram,
} from '../../../../packages/core/test/harness/run-program.ts'
import type { TestDatabase } from '../../../../packages/core/test/harness/test-database.ts'
import { Caller } from './caller.ts'
import { portOf } from './port-of.ts'

export interface ApiProcessOptions {
  /** A database that a test has filled; it drops it itself. */
  readonly store: TestDatabase
  readonly secret: string
  /** ISO instant at which the clock stands still. */
  readonly now: string
}

/**
 * The server as an operator starts it, in a process of its own. What it costs can be told apart from what the
 * test costs, whose process holds every file that was tested before.
 */
export class ApiProcess implements AsyncDisposable {
  readonly url: string
  readonly #program: StartedProgram

  private constructor(program: StartedProgram, url: string) {
    this.#program = program
    this.url = url
  }

  static async start({ store, secret, now }: ApiProcessOptions): Promise<ApiProcess> {
    const program = startProgram('apps/api/src/main.ts', [], {
      ENVIRONMENT: 'test',
      DATABASE_URL: store.url,
      JWT_SECRET: secret,
      PORT: '0',
      BATCH_V2_ENABLED: 'true',
      PRICE_PROVIDERS: 'synthetic',
      SIGMASIGHT_NOW: now,
    })
    return new ApiProcess(program, `http://127.0.0.1:${await portOf(program)}`)
  }

  /** Milliseconds of processor time that the server took so far, as it tells Prometheus. */
  async cpuMs(): Promise<number> {
    const { text } = await new Caller(this.url, null).get('/metrics')
    const seconds = /^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1]
    if (seconds === undefined) throw new Error('/metrics does not tell the processor time')
    return Number(seconds) * 1_000
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#program.process.kill('SIGTERM')
    await this.#program.ended
  }
}
