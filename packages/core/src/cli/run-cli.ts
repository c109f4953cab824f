import { SigmaSightError, coerceError } from '../errors/index.ts'
import { redactText } from '../logging/index.ts'
import { ExitCode } from './exit-code.ts'
import { watchStopSignals, type StopWatch } from './stop-signals.ts'

/** What a program gets from the process it runs in. */
export interface CliContext {
  /** The arguments alone, without node and the script. */
  readonly argv: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Aborts when the program is asked to stop. */
  readonly signal: AbortSignal
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** Times that a test shortens. */
interface CliLimits {
  /** How long signals after the first stop signal are ignored. */
  readonly graceMs: number
  /** How long a program may stay alive after its work. */
  readonly lingerMs: number
}

/** Errors that the person who started the program can mend: one line, no stack. */
const OPERATOR_KINDS: readonly string[] = [
  'usage',
  'config',
  'database_unavailable',
  'schema_mismatch',
  'invalid_date',
  'invalid_ticker',
  'calendar_range',
]

/**
 * Runs a program: gives `main` the process's arguments, environment, streams and an abort signal for
 * SIGINT and SIGTERM, and turns what it returns or throws into the exit code.
 *
 * - returned: that code; but 130/143 instead of 0 after a stop signal (a failing code that `main`
 *   chose is kept, it says more)
 * - thrown because of the stop signal: 130/143, nothing printed
 * - thrown usage, config, database_unavailable, schema_mismatch: one line on stderr, 2
 * - thrown otherwise: one line and the stack on stderr, 1
 *
 * The process then ends by itself. If something is left open it is named on stderr after five
 * seconds and the process is ended, since a cron platform skips the next start while one lives.
 *
 * @param name what the lines on stderr begin with
 * @example await runCli('greet', async ({ argv, stdout }) => { stdout.write(argv[0]); return 0 })
 */
export async function runCli(
  name: string,
  main: (context: CliContext) => Promise<number>,
  limits: CliLimits = { graceMs: 5_000, lingerMs: 5_000 },
): Promise<void> {
  // eslint-disable-next-line no-restricted-properties -- where the environment enters as a parameter
  const { argv, env, stdout, stderr } = process
  const tell = (text: string) => stderr.write(`${name}: ${text}\n`)
  ignoreBrokenPipes(stdout, stderr)
  process.exitCode = ExitCode.failed
  const checkEnded = () => tell('ended before its work was done: something it waited for vanished')
  process.once('beforeExit', checkEnded)
  const stop = watchStopSignals(tell, limits.graceMs)
  let code: number
  try {
    code = await main({ argv: argv.slice(2), env, signal: stop.signal, stdout, stderr })
    if (code === ExitCode.done) code = stop.exitCode() ?? code
  } catch (thrown) {
    code = reportError(coerceError(thrown), stop, tell)
  } finally {
    stop[Symbol.dispose]()
    process.off('beforeExit', checkEnded)
  }
  process.exitCode = code
  setTimeout(() => {
    const open = process.getActiveResourcesInfo().join(', ')
    tell(`did not exit naturally; still open: ${open}`)
    process.exit(code)
  }, limits.lingerMs).unref()
}

/** Prints what deserves printing and answers the exit code. */
function reportError(error: Error, stop: StopWatch, tell: (text: string) => void): number {
  const stopCode = stop.exitCode()
  if (stopCode !== null && isStop(error, stop.signal)) return stopCode
  const line = redactText(error.message.replace(/\s*\n\s*/g, ' '))
  if (error instanceof SigmaSightError && OPERATOR_KINDS.includes(error.kind)) {
    tell(line)
    return ExitCode.badUsage
  }
  tell(`${line}\n${redactText(stackOf(error))}`)
  return ExitCode.failed
}

/** The reason of the abort itself, or the AbortError into which Node's own calls wrap it. */
function isStop(error: Error, { reason }: AbortSignal): boolean {
  return error === reason || error.cause === reason || error.name === 'AbortError'
}

/** The stack with the stacks of its causes. */
function stackOf(error: Error): string {
  const stack = error.stack ?? String(error)
  return error.cause instanceof Error ? `${stack}\ncaused by ${stackOf(error.cause)}` : stack
}

/** A reader that leaves (`... | head`) ends the output, not the program's work. */
function ignoreBrokenPipes(...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}
