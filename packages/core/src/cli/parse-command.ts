import { CommanderError, type Command } from 'commander'
import { UsageError } from '../errors/index.ts'

/**
 * Has a command read its arguments. Throws UsageError with one line; after `--help`, which prints, false.
 */
export function parseCommand(
  command: Command,
  argv: readonly string[],
  write: (text: string) => void,
): boolean {
  command.exitOverride().configureOutput({ writeOut: write, writeErr: () => undefined })
  try {
    command.parse([...argv], { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    if (thrown.exitCode === 0) return false
    throw new UsageError(`${thrown.message.replace(/^error: /, '')} (--help lists the options)`, {
      cause: thrown,
    })
  }
  return true
}
