import {
  batchCommand,
  parseBatchCommand,
  parseListOption,
  type BatchArgs,
} from '@sigmasight/core/cli'
import { UsageError } from '@sigmasight/core/errors'

/** The command line of symbol-batch. */
export interface Args extends BatchArgs {
  readonly symbols?: readonly string[]
  readonly skipBadRows: boolean
  /** `symbol-batch legacy`: the combined batch is asked for by name. */
  readonly legacy: boolean
  /** Combined batch only. */
  readonly fromInception: boolean
}

const EXAMPLES = `  symbol-batch                                      catch up through the last settled session
  symbol-batch --date 2025-07-01                    up to this session
  symbol-batch --date 2025-07-01 --no-backfill      this session alone
  symbol-batch --start-date 2025-07-01 --end-date 2025-09-30 --chunk-days 7
  symbol-batch --symbols AAPL,MSFT --force          two symbols, today's rows again
  symbol-batch legacy                               symbols and portfolios in one (BATCH_V2_ENABLED=false)
  symbol-batch --workers 4                          factors in four threads
  symbol-batch --distributed                        factors on every machine that runs the next line
  symbol-batch work                                 (of the combined batch also: portfolio-refresh work)
  symbol-batch --dry-run                            what would be done, without doing it
`

/** Reads the command line. Throws UsageError with one line; after `--help`, which prints, null. */
export function parseArgs(argv: readonly string[], write: (text: string) => void): Args | null {
  const description = 'Prices, betas and factors of every symbol, once per session.'
  const command = batchCommand('symbol-batch', description, EXAMPLES)
    .option('--symbols <list>', 'only these symbols, comma-separated', parseListOption)
    .option('--skip-bad-rows', 'use the good rows of price files that have bad ones', false)
    .option('--from-inception', 'portfolios of the combined batch: from their earliest lot', false)
    .argument('[mode]', 'legacy: the combined batch of BATCH_V2_ENABLED=false', parseMode)
  const parsed = parseBatchCommand(command, argv, write)
  const args =
    parsed === null ? null : { ...(parsed as Args), legacy: command.args[0] === 'legacy' }
  if (args?.symbols !== undefined && args.retryFailedPhases) {
    throw new UsageError('--retry-failed-phases is for full runs: leave out --symbols')
  }
  if (args?.symbols !== undefined && args.portfolioId !== undefined) {
    throw new UsageError('--symbols and --portfolio-id exclude each other: give one of them')
  }
  return args
}

function parseMode(text: string): string {
  if (text === 'legacy') return text
  throw new UsageError(`argument ${text}: symbol-batch takes none, legacy, or work before all else`)
}
