import { isatty } from 'node:tty'
import type { DestinationStream, Level, Logger as PinoLogger } from 'pino'
import type { LogLevel, Logger } from './logger.ts'
import { readableLines } from './readable-lines.ts'
import { redactLine } from './redact.ts'
import { openRotatingFile } from './rotating-file.ts'

export interface LoggerOptions {
  /** Production logs JSON, everything else readable lines. */
  readonly environment: 'development' | 'production' | 'test'
  readonly level: LogLevel
  /** A rotating file that gets every line as JSON as well; null = none. */
  readonly file: string | null
  /** stderr when stdout belongs to a result. */
  readonly destination: 'stdout' | 'stderr'
  /** JSON whatever the environment (`--log-json`). */
  readonly json?: boolean
  /** Warnings and errors only (`--quiet`); the file still gets everything. */
  readonly quiet?: boolean
}

/** The logger of a program. Disposing it closes the log file with every line in it. */
export type ProgramLogger = Logger & AsyncDisposable

/**
 * The one logger a program makes; everything else gets it, or a child of it, as a parameter.
 * A JSON line has `level` as a word, `time` (ISO, UTC), the fields, and `message`. Secrets and
 * e-mail addresses are hidden in both outputs (see `redactLine` for what is covered).
 * Writing is synchronous: when a call returns, the line has left the process.
 *
 * @throws ConfigError when the log file cannot be written
 */
export async function createLogger(options: LoggerOptions): Promise<ProgramLogger> {
  const { pino } = await import('pino')
  await using resources = new AsyncDisposableStack()
  const output = await mainOutput(options, pino.destination)
  const streams = [{ level: mainLevel(options), stream: output }]
  // Told through `log`, which exists by the time a line can fail.
  let reportFailure: (error: Error) => void = () => undefined
  if (options.file !== null) {
    const file = await openRotatingFile(options.file, (error) => {
      reportFailure(error)
    })
    resources.use(file)
    const stream = {
      write: (line: string) => {
        file.write(`${redactLine(line)}\n`)
      },
    }
    streams.push({ level: 'trace', stream })
  }
  const log: PinoLogger = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.multistream(streams),
  )
  reportFailure = (error) => {
    log.error({ err: error, file: options.file }, 'log_file_given_up')
  }
  const owned = resources.move()
  return Object.assign(log, { [Symbol.asyncDispose]: () => owned.disposeAsync() })
}

type OpenDestination = (options: { dest: number; sync: true }) => DestinationStream

async function mainOutput(
  options: LoggerOptions,
  open: OpenDestination,
): Promise<DestinationStream> {
  const fd = options.destination === 'stdout' ? 1 : 2
  const destination = open({ dest: fd, sync: true })
  if (options.json === true || options.environment === 'production') {
    return {
      write: (line) => {
        destination.write(`${redactLine(line)}\n`)
      },
    }
  }
  const readable = await readableLines(isatty(fd))
  return {
    write: (line) => {
      destination.write(readable(redactLine(line)))
    },
  }
}

/** The main output's own threshold; what lies below the logger's level never reaches it. */
function mainLevel({ quiet }: LoggerOptions): Level {
  return quiet === true ? 'warn' : 'trace'
}
