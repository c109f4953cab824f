import { ExitCode } from '@sigmasight/core/cli'
import { loadConfig } from '@sigmasight/core/config'
import { connect, migrateToLatest } from '@sigmasight/core/database'
import type { OpsCommand } from './ops-command.ts'

export const command: OpsCommand = {
  usage: 'migrate',
  description: 'Bring the database to the schema of this program; safe when two start at once.',
  configure: () => undefined,
  async run(_command, { env, stdout }) {
    const config = loadConfig(env)
    // Past a transaction pooler, which would lose the lock that keeps two from migrating at once.
    const databaseUrl = config.databaseDirectUrl ?? config.databaseUrl
    const settings = { ...config, databaseUrl }
    await using database = await connect(settings, { applicationName: 'ops-migrate' })
    const applied = await migrateToLatest(database)
    stdout.write(
      applied.length === 0 ? 'The schema is current.\n' : `Applied: ${applied.join(', ')}\n`,
    )
    return ExitCode.done
  },
}
