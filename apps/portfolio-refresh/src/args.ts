import {
  batchCommand,
  parseBatchCommand,
  parsePositiveInteger,
  type BatchArgs,
} from '@sigmasight/core/cli'

/** The command line of portfolio-refresh. */
export interface Args extends BatchArgs {
  readonly fromInception: boolean
  readonly wait: boolean
  readonly maxWaitMinutes: number
}

const EXAMPLES = `  portfolio-refresh                                 every session each portfolio lacks
  portfolio-refresh --date 2025-07-01 --no-wait     up to this session, or abort at once
  portfolio-refresh --start-date 2025-07-01 --end-date 2025-09-30 --force
  portfolio-refresh --portfolio-id ID --from-inception
  portfolio-refresh --workers 4                     portfolios in four threads
  portfolio-refresh --distributed                   portfolios on every machine that runs the next line
  portfolio-refresh work
  portfolio-refresh --dry-run                       what would be done, without doing it
`

/** Reads the command line. Throws UsageError with one line; after `--help`, which prints, null. */
export function parseArgs(argv: readonly string[], write: (text: string) => void): Args | null {
  const description =
    'What every portfolio is worth, what it gained, and what it is exposed to, session by session.'
  const command = batchCommand('portfolio-refresh', description, EXAMPLES)
    .option('--from-inception', 'snapshots from the earliest entry of a lot on', false)
    .option('--no-wait', 'abort at once when the symbol batch of the target is not done')
    .option(
      '--max-wait-minutes <n>',
      'how long to wait for the symbol batch',
      parsePositiveInteger,
      60,
    )
  return parseBatchCommand(command, argv, write) as Args | null
}
