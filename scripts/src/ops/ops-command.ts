import type { Command } from 'commander'
import type { CliContext } from '@sigmasight/core/cli'

/** One command of `pnpm ops`. */
export interface OpsCommand {
  /** Name and positional arguments, as commander writes them. */
  readonly usage: string
  readonly description: string
  /** Adds the command's options. */
  configure(command: Command): void
  /** Does the work; the parsed arguments and options are on `command`. Returns the exit code. */
  run(command: Command, context: CliContext): Promise<number>
}
