import { z } from 'zod'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Ticker } from '../symbols/index.ts'

const sessionDate = z.iso.date().transform((date) => date as SessionDate)

/** What is to be computed of a chunk of symbols on a date. */
const symbolTask = z.object({
  compute: z.enum(['factors', 'metrics']),
  symbols: z.array(z.string().transform((symbol) => symbol as Ticker)),
  /** The sessions whose prices the slice of dates rests on: read once for all of them. */
  from: sessionDate,
  to: sessionDate,
})

/** As it travels. */
export type SymbolTaskText = z.input<typeof symbolTask>

/** Reads what another process, perhaps of another version, has written. */
export function parseSymbolTask(task: object): z.output<typeof symbolTask> {
  return symbolTask.parse(task)
}
