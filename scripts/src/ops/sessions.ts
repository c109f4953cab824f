import {
  isEarlyClose,
  sessionClose,
  sessionOpen,
  sessionsBetween,
  type IsoDate,
} from '@sigmasight/core/calendar'
import { ExitCode, formatTable, parseDateOption } from '@sigmasight/core/cli'
import { UsageError } from '@sigmasight/core/errors'
import type { OpsCommand } from './ops-command.ts'

export const command: OpsCommand = {
  usage: 'sessions',
  description: 'List the NYSE sessions of a range with their opens and closes in UTC.',
  configure(command) {
    command
      .requiredOption('--start <date>', 'first date', parseDateOption)
      .requiredOption('--end <date>', 'last date', parseDateOption)
      .option('--json', 'print JSON', false)
  },
  run(command, { stdout }) {
    const { start, end, json } = command.opts<{ start: IsoDate; end: IsoDate; json: boolean }>()
    if (start > end) throw new UsageError(`--start ${start} is after --end ${end}`)
    const sessions = sessionsBetween(start, end).map((date) => ({
      date,
      open: sessionOpen(date).toUTC().toISO({ suppressMilliseconds: true }),
      close: sessionClose(date).toUTC().toISO({ suppressMilliseconds: true }),
      early_close: isEarlyClose(date),
    }))
    stdout.write(json ? `${JSON.stringify(sessions)}\n` : formatTable(sessions))
    return Promise.resolve(ExitCode.done)
  },
}
