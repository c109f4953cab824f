import { resolve } from 'node:path'
import { runInForeground, type ForegroundRun } from './run-in-foreground.ts'

const APPS = resolve(import.meta.dirname, '../../../apps')

/** The programs of a night. */
export type NightlyApp = 'symbol-batch' | 'portfolio-refresh'
type App = NightlyApp | 'api'

/**
 * Runs a program as cron or the platform would, with this program's streams. On a terminal a nightly one shows
 * its progress; elsewhere only its warnings, since its log would drown what this program says.
 *
 * @returns its exit code
 */
export function runApp(name: App, run: Omit<ForegroundRun, 'cwd'>): Promise<number> {
  const quiet = name === 'api' || process.stderr.isTTY ? [] : ['--quiet']
  const script = resolve(APPS, name, 'src/main.ts')
  return runInForeground(process.execPath, { ...run, args: [script, ...run.args, ...quiet] })
}
