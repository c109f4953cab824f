import { Command, Option } from 'commander'
import type { IsoDate } from '../calendar/iso-date.ts'
import { UsageError } from '../errors/index.ts'
import { parseDateOption, parseListOption, parsePositiveInteger } from './option-parsers.ts'
import { parseCommand } from './parse-command.ts'

const SOURCES = ['cron', 'onboarding', 'settings', 'admin', 'manual'] as const

/** The flags that all batch programs have, each value checked by itself. */
export interface BatchArgs {
  readonly date?: IsoDate
  readonly startDate?: IsoDate
  readonly endDate?: IsoDate
  readonly backfill: boolean
  readonly maxCatchup: number
  readonly reprocess: 'missing' | 'failed' | 'all'
  readonly phase?: readonly string[]
  readonly retryFailedPhases: boolean
  readonly chunkDays?: number
  /** Threads that chunks of portfolios or symbols are done in; unset = none. */
  readonly workers?: number
  /** Chunks are done by whoever runs `work` on the same database. */
  readonly distributed: boolean
  readonly portfolioId?: string
  readonly force: boolean
  readonly dryRun: boolean
  /** A file, or true for stdout. */
  readonly summaryJson?: string | true
  readonly logJson: boolean
  readonly logFile?: string
  readonly quiet: boolean
  readonly source: (typeof SOURCES)[number]
  readonly triggeredBy?: string
  readonly runId?: string
}

const EXIT_CODES =
  '\nExit codes: 0 done, 1 failed, 2 bad usage or configuration, 3 aborted, 130/143 stopped by a signal.\n'

/** A command with the common flags; a program adds its own before parsing. */
export function batchCommand(name: string, description: string, examples: string): Command {
  return new Command(name)
    .description(description)
    .option('--date <date>', 'target session (default: the last settled one)', parseDateOption)
    .addOption(new Option('--target-date <date>', 'the same as --date').argParser(parseDateOption))
    .option('--start-date <date>', 'first session of an explicit range', parseDateOption)
    .option('--end-date <date>', 'last session of an explicit range', parseDateOption)
    .option('--backfill', 'also earlier sessions that were never completed', true)
    .option('--no-backfill', 'leave out earlier sessions that were never completed')
    .option('--max-catchup <n>', 'most sessions a catch-up takes', parsePositiveInteger, 30)
    .addOption(
      new Option(
        '--reprocess <which>',
        'of the selected sessions: what is missing, what failed, or all; of each portfolio by itself',
      )
        .choices(['missing', 'failed', 'all'])
        .default('missing'),
    )
    .option('--phase <names>', 'only these phases, comma-separated', parseListOption)
    .option('--retry-failed-phases', 'of tracked sessions, only the phases that failed', false)
    .option('--chunk-days <n>', 'slice a range into n calendar days', parsePositiveInteger)
    .option('--workers <n>', 'do the chunks of a date in n threads', parsePositiveInteger)
    .option('--distributed', `have \`${name} work\` do the chunks, on any machine`, false)
    .option('--portfolio-id <id>', 'only this portfolio', parseUuid('--portfolio-id'))
    .option('--force', 'work on completed sessions too', false)
    .option('--dry-run', 'print the plan and write nothing', false)
    .option('--summary-json [file]', 'write the result object to a file, or alone to stdout')
    .option('--log-json', 'log JSON lines whatever the environment', false)
    .option('--log-file <file>', 'log to a rotating file as well')
    .option('--quiet', 'warnings and errors only', false)
    .addOption(
      new Option('--source <source>', 'who asked for the run').choices(SOURCES).default('manual'),
    )
    .option('--triggered-by <who>', 'on whose behalf (default: the user of the process)')
    .option(
      '--run-id <id>',
      'the id to record the run under (default: a new one)',
      parseUuid('--run-id'),
    )
    .allowExcessArguments(false)
    .addHelpText('after', `\nExamples:\n${examples}${EXIT_CODES}`)
}

/**
 * Reads a command line; the answer also has the flags that the program added. Throws UsageError with
 * one line; after `--help`, which prints, null.
 */
export function parseBatchCommand(
  command: Command,
  argv: readonly string[],
  write: (text: string) => void,
): BatchArgs | null {
  if (!parseCommand(command, argv, write)) return null
  const { targetDate, ...args } = command.opts<BatchArgs & { targetDate?: IsoDate }>()
  const merged = targetDate === undefined ? args : { ...args, date: targetDate }
  checkDates(merged)
  if (merged.workers !== undefined && merged.distributed) {
    throw new UsageError('--workers and --distributed exclude each other: give one of them')
  }
  if (
    merged.retryFailedPhases &&
    (merged.phase !== undefined || merged.portfolioId !== undefined)
  ) {
    throw new UsageError(
      '--retry-failed-phases is for full runs: leave out --phase and --portfolio-id',
    )
  }
  return merged
}

function checkDates({ date, startDate, endDate }: BatchArgs): void {
  if (date !== undefined && (startDate !== undefined || endDate !== undefined)) {
    throw new UsageError('--date and --start-date/--end-date exclude each other: give one of them')
  }
  if ((startDate === undefined) !== (endDate === undefined)) {
    throw new UsageError('--start-date and --end-date belong together: give both')
  }
  if (startDate !== undefined && endDate !== undefined && startDate > endDate) {
    throw new UsageError(`--start-date ${startDate} is after --end-date ${endDate}`)
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function parseUuid(flag: string): (text: string) => string {
  return (text) => {
    if (UUID.test(text)) return text.toLowerCase()
    throw new UsageError(`${flag} "${text}" is not an id`)
  }
}
