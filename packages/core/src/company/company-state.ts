import type { IsoDate } from '../calendar/iso-date.ts'
import type { Ticker } from '../symbols/ticker.ts'

/** What is stored about the company behind a symbol, as far as it decides what to ask for. */
export interface CompanyState {
  readonly symbol: Ticker
  /** A company with statements of its own, as far as is known: no ETF, fund or index. */
  readonly isEquity: boolean
  /** When a provider last said something of it, be it that there is no profile; null = never. */
  readonly lastUpdated: Date | null
  readonly nextEarningsDate: IsoDate | null
  /** When a provider last said something of its statements, be it that there are none; null = never. */
  readonly fundamentalsLastFetched: Date | null
}
