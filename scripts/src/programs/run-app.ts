import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { ExitCode } from '@sigmasight/core/cli'

const APPS = resolve(import.meta.dirname, '../../../apps')

/** The programs of a night. */
export type NightlyApp = 'symbol-batch' | 'portfolio-refresh'
type App = NightlyApp | 'api'

export interface AppRun {
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Aborted: the program is told to stop. */
  readonly signal: AbortSignal
}

/**
 * Runs a program as cron or the platform would, with this program's streams. On a terminal a nightly one shows
 * its progress; elsewhere only its warnings, since its log would drown what this program says.
 *
 * @returns its exit code
 */
export function runApp(name: App, { args, env, signal }: AppRun): Promise<number> {
  const quiet = name === 'api' || process.stderr.isTTY ? [] : ['--quiet']
  const script = resolve(APPS, name, 'src/main.ts')
  const child = spawn(process.execPath, [script, ...args, ...quiet], { env, stdio: 'inherit' })
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
