import { effectiveDate, isSession, type IsoDate } from '@sigmasight/core/calendar'
import { ExitCode, formatTable, parseDateOption } from '@sigmasight/core/cli'
import { clockOf, loadConfig } from '@sigmasight/core/config'
import { assertSchemaCurrent, connect } from '@sigmasight/core/database'
import { assertNoRealPrices, seedDemo } from '@sigmasight/core/demo'
import { UsageError } from '@sigmasight/core/errors'
import { createSyntheticMarket, DEMO_SEED } from '@sigmasight/core/market-data'
import type { OpsCommand } from './ops-command.ts'

export const command: OpsCommand = {
  usage: 'seed-demo',
  description:
    "Enter the demo's three portfolios on the synthetic market; those there already stay.",
  configure(command) {
    command.option(
      '--date <date>',
      'the session they are entered as of (default: the last settled one)',
      parseDateOption,
    )
  },
  async run(command, { env, stdout }) {
    const { date } = command.opts<{ date?: IsoDate }>()
    const config = loadConfig(env)
    const asOf = date ?? effectiveDate(clockOf(config).now(), config.marketSettleMinutes)
    if (!isSession(asOf)) throw new UsageError(`--date ${asOf} is not a trading session`)
    await using database = await connect(config, { applicationName: 'ops-seed-demo' })
    await assertSchemaCurrent(database.db)
    await assertNoRealPrices(database.db)
    const market = createSyntheticMarket({ seed: DEMO_SEED })
    const portfolios = await seedDemo(database, market, asOf)
    stdout.write(
      formatTable(
        portfolios.map(({ id, name, lots, equityAsOf, isNew }) => ({
          portfolio: name,
          id,
          lots,
          'equity as of': equityAsOf,
          state: isNew ? 'entered' : 'was there already',
        })),
      ),
    )
    return ExitCode.done
  },
}
