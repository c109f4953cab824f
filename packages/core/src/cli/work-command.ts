import { Command } from 'commander'
import { parseCommand } from './parse-command.ts'

/** The flags of a worker: all else comes with each unit of work. */
export interface WorkArgs {
  readonly logJson: boolean
  readonly logFile?: string
  readonly quiet: boolean
}

/**
 * Reads the command line after `work`. Throws UsageError with one line; after `--help`, which prints, null.
 *
 * @param name of the program
 */
export function parseWorkCommand(
  name: string,
  argv: readonly string[],
  write: (text: string) => void,
): WorkArgs | null {
  const command = new Command(`${name} work`)
    .description(
      `Does chunks of work for a ${name} --distributed on the same database, one at a time, until it is told to stop. Start one per processor, on as many machines as you like.`,
    )
    .option('--log-json', 'log JSON lines whatever the environment', false)
    .option('--log-file <file>', 'log to a rotating file as well')
    .option('--quiet', 'warnings and errors only', false)
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      `\nExample:\n  ${name} work --log-json\n\nSIGTERM ends it after the chunk under way (143); a chunk whose worker dies is done by another.\n`,
    )
  return parseCommand(command, argv, write) ? command.opts<WorkArgs>() : null
}
