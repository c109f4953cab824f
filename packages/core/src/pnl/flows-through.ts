import type { IsoDate } from '../calendar/iso-date.ts'
import type { Cents } from './exact/amounts.ts'
import type { Book, Flow } from './facts.ts'

/** C: the signed flows dated after the first snapshot, through a date. */
export function flowsThrough({ flows, record }: Book, date: IsoDate): Cents {
  const counts = (flow: Flow) => flow.date > record.firstSnapshot && flow.date <= date
  return flows.reduce((sum, flow) => (counts(flow) ? sum + flow.amount : sum), 0n) as Cents
}
