import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import type { AcceptedBar } from './bar.ts'
import { combineEvents, totalValue, UNKNOWN_EVENTS, type BarEvents } from './bar-events.ts'

/** A close that moved too far to be believed yet. */
export interface HeldClose {
  readonly date: SessionDate
  readonly close: number
  readonly previousClose: number
  /** Total return since the previous close, as a fraction. */
  readonly move: number
}

export interface MoveRule {
  /** Stored closes before, between and after the rows. */
  readonly previous: readonly { readonly date: IsoDate; readonly close: number }[]
  /** Absolute total return beyond which a close is suspect. */
  readonly quarantineReturn: number
  readonly confirmedDates: ReadonlySet<IsoDate>
}

/** The next closes must lie within this fraction of a suspect close to clear it. */
const SETTLED_WITHIN = 0.25
const SETTLING_CLOSES = 2

/**
 * The closes that moved by more than the limit against the last believed close, counting all dividends
 * and splits in between, unless a second source has confirmed them or the next two closes
 * (split-adjusted) lie within 25 % of them. A held close is no base for the next day's move; where an
 * older close of its day is stored, that one is.
 *
 * A symbol's first close ever has nothing to be compared with and is believed.
 */
export function findSuspectCloses(rows: readonly AcceptedBar[], rule: MoveRule): HeldClose[] {
  const days = timeline(rows, rule)
  const held: HeldClose[] = []
  let previousClose: number | null = null
  let since: BarEvents = UNKNOWN_EVENTS
  for (const [index, { row, stored }] of days.entries()) {
    if (row !== null) since = combineEvents(since, row)
    const suspect: HeldClose | null =
      row === null ? null : suspicion(row, previousClose, since, rule)
    let believed = row?.close ?? stored
    if (suspect !== null && !isSettled(days, index)) {
      held.push(suspect)
      believed = stored
    }
    if (believed === null) continue
    previousClose = believed
    since = UNKNOWN_EVENTS
  }
  return held
}

interface Day {
  readonly date: IsoDate
  /** What was served for the day. */
  readonly row: AcceptedBar | null
  /** What the database has for the day. */
  readonly stored: number | null
}

function timeline(rows: readonly AcceptedBar[], { previous }: MoveRule): readonly Day[] {
  const stored = new Map(previous.map(({ date, close }) => [date, close]))
  const served = new Set<IsoDate>(rows.map(({ date }) => date))
  return [
    ...rows.map((row) => ({ date: row.date, row, stored: stored.get(row.date) ?? null })),
    ...previous
      .filter(({ date }) => !served.has(date))
      .map(({ date, close }) => ({ date, row: null, stored: close })),
  ].sort((a, b) => (a.date < b.date ? -1 : 1))
}

function suspicion(
  { date, close }: AcceptedBar,
  previousClose: number | null,
  since: BarEvents,
  rule: MoveRule,
): HeldClose | null {
  if (close === null || previousClose === null || rule.confirmedDates.has(date)) return null
  const gain = totalValue(close, since) - previousClose
  if (Math.abs(gain) <= rule.quarantineReturn * previousClose) return null
  return { date, close, previousClose, move: gain / previousClose }
}

function isSettled(days: readonly Day[], index: number): boolean {
  const close = days[index]?.row?.close ?? null
  if (close === null) return false
  let split = 1
  let agreeing = 0
  for (const { row, stored } of days.slice(index + 1)) {
    split *= row?.splitRatio ?? 1
    const next = row?.close ?? stored
    if (next === null) continue
    if (Math.abs(next * split - close) > SETTLED_WITHIN * close) return false
    if (++agreeing === SETTLING_CLOSES) return true
  }
  return false
}
