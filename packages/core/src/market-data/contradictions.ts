import type { IsoDate } from '../calendar/iso-date.ts'
import type { DailyBar } from './bar.ts'

/** Why nothing of an answer is believed, with the close that gives it away. */
export interface Contradiction {
  readonly date: IsoDate
  /** As served. */
  readonly close: number
  /** What, where and what to do, readable by an operator. */
  readonly detail: string
}

export interface ServedBars {
  /** Of one symbol, sorted by date. */
  readonly bars: readonly DailyBar[]
  /** Stored closes from shortly before the first bar on, oldest first. */
  readonly previous: readonly { readonly date: IsoDate; readonly close: number }[]
  /** Days whose served close a second provider has confirmed. */
  readonly confirmedDates: ReadonlySet<IsoDate>
}

/** Closes of one day that differ by more than this fraction are not one price corrected. */
const CORRECTION_LIMIT = 0.25
/** Smaller splits cannot be told from a day's move. */
const TELLING_SPLIT = Math.log(1.5)

/**
 * The first sign that an answer mixes up share bases; null when there is none.
 *
 * - A close that is a multiple of the stored one of its day: as-traded closes are corrected by cents, so
 *   prices were restated for a split that the answer does not list, or lists without cause.
 * - A split without a jump: the close is nearer to the one before than to that divided by the ratio.
 *
 * Days that a second provider has confirmed are believed.
 */
export function findContradiction(served: ServedBars): Contradiction | null {
  const { bars, previous, confirmedDates } = served
  const storedOn = new Map(previous.map(({ date, close }) => [date, close]))
  const firstDate = bars[0]?.date ?? ''
  let last = previous.findLast(({ date }) => date < firstDate)?.close ?? null
  for (const { date, close, splitRatio } of bars) {
    if (close === null || !(close > 0)) continue
    if (!confirmedDates.has(date)) {
      const stored = storedOn.get(date)
      if (stored !== undefined && Math.abs(close - stored) > CORRECTION_LIMIT * stored) {
        return { date, close, detail: restatedDetail(date, close, stored) }
      }
      if (last !== null && isWithoutJump(splitRatio ?? 1, last, close)) {
        return { date, close, detail: splitDetail(date, splitRatio ?? 1, { last, close }) }
      }
    }
    last = close
  }
  return null
}

function isWithoutJump(ratio: number, last: number, close: number): boolean {
  const size = Math.log(ratio)
  if (Math.abs(size) < TELLING_SPLIT) return false
  const move = Math.log(close / last)
  return Math.abs(move) < Math.abs(move + size)
}

function restatedDetail(date: IsoDate, close: number, stored: number): string {
  return `the close of ${date} is served as ${close} and stored as ${stored}: prices were restated, or a split is missing or listed without cause; nothing of the answer is used unless another provider says the same (if the stored prices are wrong, delete them)`
}

function splitDetail(
  date: IsoDate,
  ratio: number,
  { last, close }: { readonly last: number; readonly close: number },
): string {
  return `a split of ${ratio} is served for ${date}, but the close went from ${last} to ${close}; nothing of the answer is used unless another provider says the same`
}
