import { ExitCode } from '@sigmasight/core/cli'
import { loadConfig } from '@sigmasight/core/config'
import { connect, writeSchemaFile } from '@sigmasight/core/database'
import type { OpsCommand } from './ops-command.ts'

export const command: OpsCommand = {
  usage: 'schema',
  description:
    'Record the schema of the database in packages/core/schema.txt, after a new migration.',
  configure: () => undefined,
  async run(_command, { env, stdout }) {
    await using database = await connect(loadConfig(env), { applicationName: 'ops-schema' })
    stdout.write(`Wrote ${await writeSchemaFile(database.db)}\n`)
    return ExitCode.done
  },
}
