import { effectiveDate } from '@sigmasight/core/calendar'
import { ExitCode } from '@sigmasight/core/cli'
import { clockOf, loadConfig } from '@sigmasight/core/config'
import { assertSchemaCurrent, connect } from '@sigmasight/core/database'
import { verifyDemo } from '@sigmasight/core/demo'
import type { OpsCommand } from './ops-command.ts'

export const command: OpsCommand = {
  usage: 'verify-demo-portfolios',
  description: "Check that the demo's portfolios are there, current and consistent; reads only.",
  configure: () => undefined,
  async run(_command, { env, stdout }) {
    const config = loadConfig(env)
    const asOf = effectiveDate(clockOf(config).now(), config.marketSettleMinutes)
    await using database = await connect(config, { applicationName: 'ops-verify-demo' })
    await assertSchemaCurrent(database.db)
    const problems = await verifyDemo(database.db, asOf)
    if (problems.length === 0) {
      stdout.write(
        `The demo's portfolios are complete through ${asOf}, and every invariant holds.\n`,
      )
      return ExitCode.done
    }
    for (const problem of problems) stdout.write(`! ${problem}\n`)
    return ExitCode.failed
  },
}
