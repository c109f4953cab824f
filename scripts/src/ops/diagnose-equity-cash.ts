import { selectCashDiagnosis } from '@sigmasight/core/checks'
import { ExitCode, formatTable } from '@sigmasight/core/cli'
import { loadConfig } from '@sigmasight/core/config'
import { assertSchemaCurrent, connect } from '@sigmasight/core/database'
import type { OpsCommand } from './ops-command.ts'

export const command: OpsCommand = {
  usage: 'diagnose-equity-cash',
  description:
    'Compare equity, NAV, marks and cash of every portfolio; differences above $1 are flagged.',
  configure(command) {
    command.option('--json', 'print JSON', false)
  },
  async run(command, { env, stdout }) {
    const { json } = command.opts<{ json: boolean }>()
    await using database = await connect(loadConfig(env), { applicationName: 'ops-diagnose' })
    await assertSchemaCurrent(database.db)
    const portfolios = await selectCashDiagnosis(database.db)
    if (json) stdout.write(`${JSON.stringify(portfolios)}\n`)
    else if (portfolios.length === 0) stdout.write('No portfolio.\n')
    else stdout.write(formatTable(portfolios.map(row)))
    return ExitCode.done
  },
}

type Diagnosis = Awaited<ReturnType<typeof selectCashDiagnosis>>[number]

function row(diagnosis: Diagnosis) {
  return {
    portfolio: diagnosis.portfolio,
    date: diagnosis.date,
    equity: diagnosis.equity,
    NAV: diagnosis.nav,
    'sum of marks': diagnosis.sumOfMarks,
    cash: diagnosis.cash,
    'derived cash': diagnosis.derivedCash,
    'equity - NAV': diagnosis.equityLessNav,
    'cash - derived': diagnosis.cashLessDerived,
    flag: diagnosis.isFlagged ? '!' : '',
  }
}
