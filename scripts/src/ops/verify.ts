import { isSession, nearestSession, type IsoDate } from '@sigmasight/core/calendar'
import { runVerify, selectNewestSnapshotDate } from '@sigmasight/core/checks'
import { ExitCode, parseDateOption } from '@sigmasight/core/cli'
import { loadConfig } from '@sigmasight/core/config'
import { assertSchemaCurrent, connect } from '@sigmasight/core/database'
import { UsageError } from '@sigmasight/core/errors'
import type { OpsCommand } from './ops-command.ts'
import { isClean, renderReports } from './render-reports.ts'

export const command: OpsCommand = {
  usage: 'verify',
  description:
    'The regression guard for a session: every portfolio there, its figures right; reads only.',
  configure(command) {
    command
      .option(
        '--date <date>',
        'the session (default: that of the newest snapshot)',
        parseDateOption,
      )
      .option('--json', 'print JSON', false)
  },
  async run(command, { env, stdout }) {
    const { date, json } = command.opts<{ date?: IsoDate; json: boolean }>()
    if (date !== undefined && !isSession(date)) {
      throw new UsageError(
        `--date ${date} is not a trading session: the nearest is ${nearestSession(date)}`,
      )
    }
    await using database = await connect(loadConfig(env), { applicationName: 'ops-verify' })
    await assertSchemaCurrent(database.db)
    const session = date ?? (await selectNewestSnapshotDate(database.db))
    if (session === null) {
      stdout.write(json ? '[]\n' : 'No snapshot yet, nothing to verify.\n')
      return ExitCode.done
    }
    const reports = await runVerify(database.db, session)
    if (json) stdout.write(`${JSON.stringify(reports)}\n`)
    else stdout.write(`Session ${session}\n\n${renderReports(reports)}`)
    return isClean(reports) ? ExitCode.done : ExitCode.aborted
  },
}
