import { addMonths } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'

/** The spans over which a symbol's return is shown. */
export const HORIZONS = ['1d', '1m', '3m', '1y', 'mtd', 'ytd'] as const
export type Horizon = (typeof HORIZONS)[number]

/**
 * The column of the close that each horizon starts from: the session before; the latest session on or
 * before the same day one, three or twelve months earlier; the last session of the month or year
 * before. Null when the panel starts later than that.
 *
 * @param sessions consecutive sessions, ascending
 * @param end column of the date that the horizons end on
 */
export function horizonStarts(
  sessions: readonly SessionDate[],
  end: number,
): Readonly<Record<Horizon, number | null>> {
  const date = sessions[end] as SessionDate
  const onOrBefore = (limit: string) => columnOrNull(sessions.findLastIndex((s) => s <= limit))
  const before = (limit: string) => columnOrNull(sessions.findLastIndex((s) => s < limit))
  return {
    '1d': columnOrNull(end - 1),
    '1m': onOrBefore(addMonths(date, -1)),
    '3m': onOrBefore(addMonths(date, -3)),
    '1y': onOrBefore(addMonths(date, -12)),
    mtd: before(`${date.slice(0, 7)}-01`),
    ytd: before(`${date.slice(0, 4)}-01-01`),
  }
}

function columnOrNull(index: number): number | null {
  return index < 0 ? null : index
}
