import { Command, CommanderError, Option } from 'commander'
import type { Reprocess, RunSource } from '@sigmasight/core/batch'
import { parseDateOption, parseListOption, parsePositiveInteger } from '@sigmasight/core/cli'
import type { IsoDate } from '@sigmasight/core/calendar'
import { UsageError } from '@sigmasight/core/errors'

/** The command line of symbol-batch, each value checked by itself. */
export interface Args {
  readonly date?: IsoDate
  readonly startDate?: IsoDate
  readonly endDate?: IsoDate
  readonly backfill: boolean
  readonly maxCatchup: number
  readonly reprocess: Reprocess
  readonly phase?: readonly string[]
  readonly chunkDays?: number
  readonly symbols?: readonly string[]
  readonly portfolioId?: string
  readonly force: boolean
  readonly skipBadRows: boolean
  readonly dryRun: boolean
  /** A file, or true for stdout. */
  readonly summaryJson?: string | true
  readonly logJson: boolean
  readonly logFile?: string
  readonly quiet: boolean
  readonly source: RunSource
}

// Written out here: the batch itself is loaded only once the command line is known to be good.
const SOURCES: readonly RunSource[] = ['cron', 'onboarding', 'settings', 'admin', 'manual']

const EXAMPLES = `
Examples:
  symbol-batch                                      catch up through the last settled session
  symbol-batch --date 2025-07-01                    up to this session
  symbol-batch --date 2025-07-01 --no-backfill      this session alone
  symbol-batch --start-date 2025-07-01 --end-date 2025-09-30 --chunk-days 7
  symbol-batch --symbols AAPL,MSFT --force          two symbols, today's rows again
  symbol-batch --dry-run                            what would be done, without doing it

Exit codes: 0 done, 1 failed, 2 bad usage or configuration, 3 aborted, 130/143 stopped by a signal.
`

/** Reads the command line. Throws UsageError with one line; `--help` prints and answers null. */
export function parseArgs(argv: readonly string[], write: (text: string) => void): Args | null {
  const command = describe(write)
  try {
    command.parse([...argv], { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    if (thrown.exitCode === 0) return null
    throw new UsageError(`${thrown.message.replace(/^error: /, '')} (--help lists the options)`, {
      cause: thrown,
    })
  }
  const args = command.opts<Args & { targetDate?: IsoDate }>()
  return checkCombination({ ...args, ...(args.targetDate ? { date: args.targetDate } : {}) })
}

function describe(write: (text: string) => void): Command {
  return new Command('symbol-batch')
    .description('Prices, betas and factors of every symbol, once per session.')
    .option('--date <date>', 'target session (default: the last settled one)', parseDateOption)
    .addOption(new Option('--target-date <date>', 'the same as --date').argParser(parseDateOption))
    .option('--start-date <date>', 'first session of an explicit range', parseDateOption)
    .option('--end-date <date>', 'last session of an explicit range', parseDateOption)
    .option('--no-backfill', 'leave out earlier sessions that were never completed')
    .option('--max-catchup <n>', 'most sessions a catch-up takes', parsePositiveInteger, 30)
    .addOption(
      new Option('--reprocess <which>', 'which of the selected sessions to work on')
        .choices(['missing', 'failed', 'all'])
        .default('missing'),
    )
    .option('--phase <names>', 'only these phases, comma-separated', parseListOption)
    .option('--chunk-days <n>', 'slice a range into n calendar days', parsePositiveInteger)
    .option('--symbols <list>', 'only these symbols, comma-separated', parseListOption)
    .option('--portfolio-id <id>', "only this portfolio's symbols and the factor proxies")
    .option('--force', 'work on completed sessions too', false)
    .option('--skip-bad-rows', 'use the good rows of price files that have bad ones', false)
    .option('--dry-run', 'print the plan and write nothing', false)
    .option('--summary-json [file]', 'write the result object to a file, or alone to stdout')
    .option('--log-json', 'log JSON lines whatever the environment', false)
    .option('--log-file <file>', 'log to a rotating file as well')
    .option('--quiet', 'warnings and errors only', false)
    .addOption(
      new Option('--source <source>', 'who asked for the run').choices(SOURCES).default('manual'),
    )
    .allowExcessArguments(false)
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => undefined })
}

function checkCombination(args: Args): Args {
  const { date, startDate, endDate, symbols, portfolioId } = args
  if (date !== undefined && (startDate !== undefined || endDate !== undefined)) {
    throw new UsageError('--date and --start-date/--end-date exclude each other: give one of them')
  }
  if ((startDate === undefined) !== (endDate === undefined)) {
    throw new UsageError('--start-date and --end-date belong together: give both')
  }
  if (startDate !== undefined && endDate !== undefined && startDate > endDate) {
    throw new UsageError(`--start-date ${startDate} is after --end-date ${endDate}`)
  }
  if (symbols !== undefined && portfolioId !== undefined) {
    throw new UsageError('--symbols and --portfolio-id exclude each other: give one of them')
  }
  return args
}
