import type { IsoDate } from '../../../calendar/iso-date.ts'
import type { ServedBar, ServedChart } from './served-chart.ts'

const FIELDS = ['open', 'high', 'low', 'close', 'volume'] as const

export interface DistinctBars {
  /** Sorted by date, all with a close. */
  readonly bars: readonly ServedBar[]
  /** Dates that are left out because their bars differ. */
  readonly conflicts: readonly IsoDate[]
}

/**
 * One bar per date. Beside the bar of the last session Yahoo sometimes appends the running one, stamped
 * with the last trade: the session's own bar is kept. Equal bars count once; which of different ones is
 * right cannot be known. A bar without a close is none.
 */
export function oneBarPerDate({ bars, lastTrade }: ServedChart): DistinctBars {
  const conflicts: IsoDate[] = []
  const byDate = Map.groupBy(
    bars.filter(({ close }) => close !== null),
    ({ date }) => date,
  )
  const kept = [...byDate].flatMap(([date, ofDay]) => {
    const settled = ofDay.filter(({ stamp }) => stamp !== lastTrade?.stamp)
    const [first, ...others] = settled.length === 0 ? ofDay : settled
    if (first === undefined) return []
    if (others.every((other) => FIELDS.every((field) => other[field] === first[field]))) {
      return [first]
    }
    conflicts.push(date)
    return []
  })
  return { bars: kept.sort((a, b) => (a.date < b.date ? -1 : 1)), conflicts }
}
