import { ExitCode, formatTable } from '@sigmasight/core/cli'
import { UsageError } from '@sigmasight/core/errors'
import {
  embeddedPostgresStatus,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '@sigmasight/core/database'
import type { OpsCommand } from './ops-command.ts'

export const command: OpsCommand = {
  usage: 'postgres <action>',
  description: 'The embedded PostgreSQL server of this checkout: status, start, stop, or its url.',
  configure: () => undefined,
  async run(command, { stdout }) {
    const [action] = command.args
    switch (action) {
      case 'status':
        stdout.write(formatTable([await embeddedPostgresStatus()]))
        return ExitCode.done
      case 'start':
      case 'url':
        stdout.write(`${(await startEmbeddedPostgres()).url}\n`)
        return ExitCode.done
      case 'stop':
        await stopEmbeddedPostgres()
        stdout.write('Stopped.\n')
        return ExitCode.done
      default:
        throw new UsageError(`postgres ${action ?? ''}: use status, start, stop or url`)
    }
  },
}
