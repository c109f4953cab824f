import type { IsoDate } from '@sigmasight/core/calendar'
import { ExitCode, formatTable, parseDateOption } from '@sigmasight/core/cli'
import { clockOf, loadConfig } from '@sigmasight/core/config'
import { assertSchemaCurrent, connect, lockUrlOf } from '@sigmasight/core/database'
import { clearDerived, planClearing, type ClearRequest } from '@sigmasight/core/derived-data'
import { UsageError } from '@sigmasight/core/errors'
import { requirePortfolio } from '@sigmasight/core/portfolios'
import type { OpsCommand } from './ops-command.ts'

interface Options {
  readonly startDate: IsoDate
  readonly endDate: IsoDate
  readonly portfolioId?: string
  readonly yes: boolean
}

export const command: OpsCommand = {
  usage: 'clear-derived',
  description: 'Delete what portfolio-refresh derived for a range of dates, to have it made anew.',
  configure(command) {
    command
      .requiredOption('--start-date <date>', 'first date', parseDateOption)
      .requiredOption('--end-date <date>', 'last date', parseDateOption)
      .option('--portfolio-id <id>', 'of this portfolio alone', parseId)
      .option('--yes', 'do it; without this the plan is printed', false)
  },
  async run(command, { env, stdout, stderr }) {
    const { startDate: start, endDate: end, portfolioId, yes } = command.opts<Options>()
    if (start > end) throw new UsageError(`--start-date ${start} is after --end-date ${end}`)
    const config = loadConfig(env)
    await using database = await connect(config, { applicationName: 'ops-clear-derived' })
    await assertSchemaCurrent(database.db)
    if (portfolioId !== undefined) await requirePortfolio(database.db, portfolioId)
    const request: ClearRequest = { start, end, portfolioId: portfolioId ?? null }
    if (!yes) {
      const { counts, cut, scope } = await planClearing(database.db, request)
      const rows = Object.entries(counts).map(([table, n]) => ({ table, 'to delete': n }))
      stdout.write(`${start} to ${end}, ${scope.ownerIds.length} portfolios to reset\n\n`)
      stdout.write(formatTable(rows))
      if (cut !== null) throw cutsBeginning(end, cut)
      throw new UsageError('nothing was deleted: --yes does what is listed')
    }
    const ports = { lockUrl: await lockUrlOf(config), at: clockOf(config).now().toJSDate() }
    const cleared = await clearDerived(database, request, ports)
    if (!cleared.ok) {
      if (cleared.reason === 'cuts_beginning') throw cutsBeginning(end, cleared.cut)
      const run = cleared.batchRunId === null ? 'A run' : `Run ${cleared.batchRunId}`
      stderr.write(`${run} is at work on these portfolios; nothing was deleted.\n`)
      return ExitCode.aborted
    }
    const { before, after, portfoliosReset } = cleared
    stdout.write(`${start} to ${end}, ${portfoliosReset} portfolios reset\n\n`)
    stdout.write(
      formatTable(
        Object.entries(before).map(([table, n]) => ({ table, before: n, after: after[table] })),
      ),
    )
    return ExitCode.done
  },
}

function cutsBeginning(
  end: IsoDate,
  { portfolios, newest }: { readonly portfolios: number; readonly newest: IsoDate },
): UsageError {
  return new UsageError(
    `--end-date ${end} takes the beginning of ${portfolios} portfolios and leaves the rest, and a refresh begins with the first snapshot there is: give --end-date ${newest}`,
  )
}

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function parseId(text: string): string {
  if (ID.test(text)) return text.toLowerCase()
  throw new UsageError(`--portfolio-id "${text}" is not an id`)
}
