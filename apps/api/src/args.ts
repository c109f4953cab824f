import { UsageError } from '@sigmasight/core/errors'

const HELP = `Usage: api

The HTTP API. Everything is set by the environment (pnpm ops env shows it); PORT says where it listens.
Stops on SIGINT and SIGTERM when the requests under way are answered, within 60 seconds.
`

/** Whether the server is to start; false after `--help`, which prints. Throws UsageError. */
export function parseArgs(argv: readonly string[], write: (text: string) => void): boolean {
  const [first] = argv
  if (first === undefined) return true
  if (first !== '--help' && first !== '-h') {
    throw new UsageError(`api ${first}: it takes no arguments (--help says how it is set)`)
  }
  write(HELP)
  return false
}
