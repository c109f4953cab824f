import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { ExitCode } from '@sigmasight/core/cli'

const APPS = resolve(import.meta.dirname, '../../../apps')

export interface ProgramRun {
  readonly url: string
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}

/**
 * Runs one of the nightly programs as cron would: the program itself, on the demo's database and market.
 *
 * @returns its exit code
 */
export function runProgram(
  name: 'symbol-batch' | 'portfolio-refresh',
  { url, env, signal }: ProgramRun,
): Promise<number> {
  // On a terminal the program shows its progress; elsewhere its log would drown the table that follows.
  const args = process.stderr.isTTY ? [] : ['--quiet']
  const child = spawn(process.execPath, [resolve(APPS, name, 'src/main.ts'), ...args], {
    env: {
      ...env,
      DATABASE_URL: url,
      PRICE_PROVIDERS: 'synthetic',
      BATCH_V2_ENABLED: 'true',
    },
    stdio: 'inherit',
  })
  const forward = () => child.kill('SIGTERM')
  signal.addEventListener('abort', forward, { once: true })
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (code) => {
      signal.removeEventListener('abort', forward)
      done(code ?? ExitCode.failed)
    })
  })
}
