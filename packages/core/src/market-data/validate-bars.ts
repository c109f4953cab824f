import { sessionAt, sessionOnOrAfter } from '../calendar/index.ts'
import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import type { AcceptedBar, DailyBar } from './bar.ts'
import { combineEvents, hasEvent, UNKNOWN_EVENTS, type BarEvents } from './bar-events.ts'
import { faultOfEvents, faultOfPrices, type BarFault, type DropReason } from './bar-faults.ts'
import { findSuspectCloses, type HeldClose } from './suspect-closes.ts'

export interface BarsToValidate {
  /** What one provider served of one symbol; any order, dates may repeat. */
  readonly bars: readonly DailyBar[]
  /** Stored closes from shortly before the first bar on, oldest first. */
  readonly previous: readonly { readonly date: IsoDate; readonly close: number }[]
  readonly effectiveDate: SessionDate
  /** Whether a large move is suspicious; not so for options and volatility indices. */
  readonly checkMoves: boolean
  /** Absolute total return beyond which a close needs confirmation (`QUARANTINE_RETURN`). */
  readonly quarantineReturn: number
  /** Days whose close a second provider has confirmed. */
  readonly confirmedDates: ReadonlySet<IsoDate>
}

export interface DroppedBar {
  readonly date: IsoDate
  readonly reason: DropReason
  readonly detail: string
}

export interface ValidatedBars {
  /** Sorted by date, one per session. */
  readonly accepted: readonly AcceptedBar[]
  readonly dropped: readonly DroppedBar[]
  /** Closes held back as no bar until a second source or the next two closes agree. */
  readonly quarantined: readonly HeldClose[]
}

/**
 * Turns what a provider served into what may be stored; the order of the bars does not matter.
 *
 * - Nothing after the effective date or before the calendar begins. Repeated dates: equal bars count once, conflicting ones are
 *   refused together.
 * - A bar with a price that is not finite and positive, or with high below low, is refused as a whole,
 *   but its dividend and split are kept: without them every later return would be wrong. A bar with an
 *   impossible dividend or split is refused with them, also one whose events are impossible together with
 *   those that moved to its session from the days before.
 * - A bar of a non-session is dropped; its events move to the next session.
 * - Events on a day without a close are a row with close null.
 * - Volume is whole shares: fractions are rounded, anything else that is not a count is unknown.
 * - A close that moved further than `quarantineReturn` since the last close is held back, see
 *   `findSuspectCloses`.
 *
 * Missing data: null stays null; a bar without close and without event is dropped.
 */
export function validateBars(input: BarsToValidate): ValidatedBars {
  const dropped: DroppedBar[] = []
  const days = new Map<SessionDate, { bar: DailyBar | null; events: BarEvents }>()
  for (const bar of onePerDate(input.bars, dropped)) {
    const fault = faultOfDate(bar.date, input.effectiveDate) ?? faultOfEvents(bar)
    if (fault !== null) {
      dropped.push({ date: bar.date, ...fault })
      continue
    }
    const session = sessionOnOrAfter(bar.date)
    const isOnSession = session === bar.date
    const day = days.get(session) ?? { bar: null, events: UNKNOWN_EVENTS }
    const events = combineEvents(day.events, isOnSession ? bar : movedEvents(bar))
    const jointFault = faultOfEvents(events)
    if (jointFault !== null) {
      dropped.push({ date: bar.date, ...jointFault })
      continue
    }
    const priceFault = faultOfClose(bar, isOnSession)
    if (priceFault !== null) dropped.push({ date: bar.date, ...priceFault })
    day.events = events
    if (priceFault === null && isOnSession && bar.close !== null) day.bar = bar
    days.set(session, day)
  }
  const rows = [...days]
    .filter(([, { bar, events }]) => bar !== null || hasEvent(events))
    .map(([date, { bar, events }]) => toRow(date, bar, events))
  const quarantined = input.checkMoves ? findSuspectCloses(rows, input) : []
  const held = new Set(quarantined.map(({ date }) => date))
  const accepted = rows.flatMap((row) => {
    if (!held.has(row.date)) return [row]
    return hasEvent(row) ? [toRow(row.date, null, row)] : []
  })
  return { accepted, dropped, quarantined }
}

/** What a non-session has to move: that it had no event says nothing about the next session. */
function movedEvents({ dividend, splitRatio }: BarEvents): BarEvents {
  return {
    dividend: dividend === 0 ? null : dividend,
    splitRatio: splitRatio === 1 ? null : splitRatio,
  }
}

/** The distinct bars, sorted by date; dates with different bars are dropped. */
function onePerDate(bars: readonly DailyBar[], dropped: DroppedBar[]): readonly DailyBar[] {
  if (isSortedAndDistinct(bars)) return bars
  const byDate = [...Map.groupBy(bars, ({ date }) => date)].sort(([a], [b]) => (a < b ? -1 : 1))
  return byDate.flatMap(([date, [first, ...others]]) => {
    if (first === undefined) return []
    if (others.every((other) => isSameBar(first, other))) return [first]
    const detail = `${others.length + 1} different bars of one day`
    dropped.push({ date, reason: 'conflicting_duplicates', detail })
    return []
  })
}

/** The usual case, told apart since millions of bars pass here. */
function isSortedAndDistinct(bars: readonly DailyBar[]): boolean {
  return bars.every(({ date }, i) => i === 0 || (bars[i - 1]?.date ?? '') < date)
}

function isSameBar(a: DailyBar, b: DailyBar): boolean {
  const fields = ['open', 'high', 'low', 'close', 'volume', 'dividend', 'splitRatio'] as const
  return fields.every((field) => Object.is(a[field], b[field]))
}

function faultOfDate(date: IsoDate, effectiveDate: SessionDate): BarFault | null {
  const firstSession = sessionAt(0)
  if (date > effectiveDate) {
    return { reason: 'after_effective_date', detail: `later than ${effectiveDate}` }
  }
  if (date < firstSession)
    return { reason: 'before_calendar', detail: `earlier than ${firstSession}` }
  return null
}

/** What is wrong with a bar's prices; a bar of events alone has none. */
function faultOfClose(bar: DailyBar, isOnSession: boolean): BarFault | null {
  if (bar.close === null) {
    return hasEvent(bar) ? null : { reason: 'no_close', detail: 'neither a close nor an event' }
  }
  if (!isOnSession) return { reason: 'not_a_session', detail: 'the NYSE was closed' }
  return faultOfPrices(bar)
}

function toRow(date: SessionDate, bar: DailyBar | null, events: BarEvents): AcceptedBar {
  const { dividend, splitRatio } = events
  if (bar === null) {
    return {
      date,
      open: null,
      high: null,
      low: null,
      close: null,
      volume: null,
      dividend,
      splitRatio,
    }
  }
  const { open, high, low, close } = bar
  return { date, open, high, low, close, volume: wholeVolume(bar.volume), dividend, splitRatio }
}

function wholeVolume(volume: number | null): number | null {
  if (volume === null || !(volume >= 0)) return null
  const whole = Math.round(volume)
  return Number.isSafeInteger(whole) ? whole : null
}
