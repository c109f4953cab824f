import { ExitCode, formatTable } from '@sigmasight/core/cli'
import { describeConfig, loadConfig } from '@sigmasight/core/config'
import type { OpsCommand } from './ops-command.ts'

export const command: OpsCommand = {
  usage: 'env',
  description: 'Print the effective configuration, secrets masked.',
  configure: () => undefined,
  run(_command, { env, stdout }) {
    stdout.write(formatTable(describeConfig(loadConfig(env))))
    return Promise.resolve(ExitCode.done)
  },
}
