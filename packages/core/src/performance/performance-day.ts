import { nextSession, sessionsBetween } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'

/** What performance needs of a complete snapshot. */
export interface PerformanceDay {
  readonly date: SessionDate
  /** Dollars, at the close. */
  readonly equity: number
  /** Since the previous snapshot, a fraction; null where it does not exist. */
  readonly dailyReturn: number | null
  /** Dollars that came in (positive) or left since the previous snapshot. */
  readonly capitalFlow: number
}

/** A day with the return of the benchmark over the same sessions. */
export interface ComparedDay {
  readonly date: SessionDate
  readonly portfolio: number
  readonly benchmark: number
}

/**
 * The days on which both the portfolio and the benchmark have a return. Where snapshots skip sessions the
 * benchmark's returns are linked over the same stretch.
 *
 * Missing data: a day is left out when either has no return, the first one always.
 *
 * @param benchmark simple daily total returns by session
 */
export function comparedDays(
  days: readonly PerformanceDay[],
  benchmark: ReadonlyMap<SessionDate, number>,
): readonly ComparedDay[] {
  return days.flatMap(({ date, dailyReturn }, i): readonly ComparedDay[] => {
    const previous = days[i - 1]
    if (previous === undefined || dailyReturn === null) return []
    const growth = sessionsBetween(nextSession(previous.date), date).reduce(
      (product, session) => product * (1 + (benchmark.get(session) ?? NaN)),
      1,
    )
    return Number.isNaN(growth) ? [] : [{ date, portfolio: dailyReturn, benchmark: growth - 1 }]
  })
}
