import { runDoctor } from '@sigmasight/core/checks'
import { ExitCode } from '@sigmasight/core/cli'
import { loadConfig } from '@sigmasight/core/config'
import { assertSchemaCurrent, connect } from '@sigmasight/core/database'
import type { OpsCommand } from './ops-command.ts'
import { isClean, renderReports } from './render-reports.ts'

export const command: OpsCommand = {
  usage: 'doctor',
  description: 'Check the invariants of portfolios over the whole database; reads only.',
  configure(command) {
    command.option('--json', 'print JSON', false)
  },
  async run(command, { env, stdout }) {
    const { json } = command.opts<{ json: boolean }>()
    await using database = await connect(loadConfig(env), { applicationName: 'ops-doctor' })
    await assertSchemaCurrent(database.db)
    const reports = await runDoctor(database.db, { portfolioIds: null })
    stdout.write(json ? `${JSON.stringify(reports)}\n` : renderReports(reports))
    return isClean(reports) ? ExitCode.done : ExitCode.failed
  },
}
