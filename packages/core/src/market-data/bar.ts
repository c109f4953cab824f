import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'

/**
 * One day of one symbol as a provider tells it, already turned into facts as traded: prices on that
 * day's share basis, cash dividend per share and split ratio on their ex-date.
 *
 * Missing data: `null` means "the provider does not say" and never overwrites a stored value. A
 * `close` of null with an event is a day with a corporate action but no trade.
 */
export interface DailyBar {
  readonly date: IsoDate
  readonly open: number | null
  readonly high: number | null
  readonly low: number | null
  readonly close: number | null
  /** Shares or contracts. */
  readonly volume: number | null
  /** Cash per share going ex on `date`; 0 = known to be none. */
  readonly dividend: number | null
  /** New shares per old share on `date` (7 for 7:1, 0.125 for 1:8); 1 = known to be none. */
  readonly splitRatio: number | null
}

/** A bar that passed validation: its date is a session not later than the effective date. */
export interface AcceptedBar extends DailyBar {
  readonly date: SessionDate
}
