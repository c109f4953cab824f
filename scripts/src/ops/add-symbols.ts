import { ExitCode } from '@sigmasight/core/cli'
import { loadConfig } from '@sigmasight/core/config'
import { connect } from '@sigmasight/core/database'
import { addSymbols, parseTicker } from '@sigmasight/core/symbols'
import type { OpsCommand } from './ops-command.ts'

export const command: OpsCommand = {
  usage: 'add-symbols <symbols...>',
  description:
    'Add symbols to the universe that the symbol batch maintains, or make them active again.',
  configure: () => undefined,
  async run(command, { env, stdout }) {
    const symbols = command.args
      .flatMap((argument) => argument.split(','))
      .filter((text) => text !== '')
    const tickers = symbols.map(parseTicker)
    await using database = await connect(loadConfig(env), { applicationName: 'ops-add-symbols' })
    const changed = await addSymbols(database.db, tickers)
    stdout.write(`${changed} of ${tickers.length} symbols added or made active.\n`)
    return ExitCode.done
  },
}
