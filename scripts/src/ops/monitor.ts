import { delimiter, dirname, resolve } from 'node:path'
import { runInForeground } from '../programs/run-in-foreground.ts'
import type { OpsCommand } from './ops-command.ts'

const SCRIPT = resolve(import.meta.dirname, '../../railway-batch-monitor.sh')

export const command: OpsCommand = {
  usage: 'monitor [arguments...]',
  description: 'Start a batch through an API and watch it to its end; --help lists the arguments.',
  configure(command) {
    // They are the script's, which also runs where this repository is not.
    command.helpOption(false).allowUnknownOption()
  },
  run(command, { env, signal }) {
    const path = [dirname(process.execPath), env['PATH']].join(delimiter)
    return runInForeground('bash', {
      args: [SCRIPT, ...command.args],
      env: { ...env, PATH: path },
      signal,
    })
  },
}
