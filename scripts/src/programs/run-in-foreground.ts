import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ExitCode } from '@sigmasight/core/cli'

export interface ForegroundRun {
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Aborted: the program is told to stop, and waited for all the same. */
  readonly signal: AbortSignal
  /** Where it runs; where this program does when left out. */
  readonly cwd?: string
}

/**
 * Runs a program to its end with this program's streams.
 *
 * @returns its exit code, that of a failure when a signal ended it
 * @throws when it cannot be started
 */
export async function runInForeground(
  command: string,
  { args, env, signal, cwd }: ForegroundRun,
): Promise<number> {
  const child = spawn(command, args, { cwd, env, stdio: 'inherit' })
  const stop = () => child.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return code ?? ExitCode.failed
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
