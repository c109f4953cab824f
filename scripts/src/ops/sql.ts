import { ExitCode, formatTable } from '@sigmasight/core/cli'
import { loadConfig } from '@sigmasight/core/config'
import { connect, runStatement } from '@sigmasight/core/database'
import type { OpsCommand } from './ops-command.ts'

export const command: OpsCommand = {
  usage: 'sql <statement>',
  description:
    'Run SQL on the database of the environment, the embedded one included; one transaction.',
  configure(command) {
    command.option('--json', 'print the rows as JSON', false)
  },
  async run(command, { env, stdout }) {
    const [statement = ''] = command.args
    const { json } = command.opts<{ json: boolean }>()
    await using database = await connect(loadConfig(env), { applicationName: 'ops-sql' })
    const { rows, rowCount } = await runStatement(database, statement)
    if (json) stdout.write(`${JSON.stringify(rows)}\n`)
    else if (rows.length > 0) stdout.write(formatTable(rows))
    else stdout.write(`${rowCount} rows affected.\n`)
    return ExitCode.done
  },
}
