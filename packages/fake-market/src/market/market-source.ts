/**
 * One day of one symbol as it was traded: prices on that day's share basis, events on their ex-date. A
 * null price or volume is unsaid; a null close is a day without a trade; a null event counts as none.
 */
export interface MarketBar {
  /** `YYYY-MM-DD`. */
  readonly date: string
  readonly open: number | null
  readonly high: number | null
  readonly low: number | null
  readonly close: number | null
  readonly volume: number | null
  /** Cash per share, on the share basis of this day after its split. */
  readonly dividend: number | null
  /** New shares per old share: 7 for 7:1, 0.125 for 1:8. */
  readonly splitRatio: number | null
}

export interface MarketSession {
  readonly open: Date
  readonly close: Date
}

/** What is known of a company or fund beside its prices. What is left out is not served either. */
export interface MarketProfile {
  readonly name?: string
  readonly quoteType?: 'EQUITY' | 'ETF' | 'INDEX' | 'MUTUALFUND'
  readonly currency?: string
  readonly country?: string
  readonly sector?: string
  readonly industry?: string
  readonly beta?: number
  readonly sharesOutstanding?: number
  readonly enterpriseValue?: number
  /** Per share, on today's basis: earnings of the last and of the next twelve months, sales, book value. */
  readonly epsTrailing?: number
  readonly epsForward?: number
  readonly salesPerShare?: number
  readonly bookValuePerShare?: number
  /** `YYYY-MM-DD`. */
  readonly nextEarningsDate?: string
  /** The last day it traded: Yahoo forgets it after that, Polygon keeps its bars. */
  readonly delistedOn?: string
}

/** One financial statement; its lines are named as Yahoo names them: `TotalRevenue`, `BasicEPS`. */
export interface MarketStatement {
  /** The last day of the period. */
  readonly date: string
  readonly frequency: 'quarterly' | 'annual'
  /** From this day on it is served. */
  readonly publishedOn: string
  readonly lines: Readonly<Record<string, number>>
}

type Awaitable<T> = T | Promise<T>

/**
 * The facts that a fake market serves. Symbols are spelled as exchanges do (`BRK.B`, `^GSPC`, option
 * contracts as OCC symbols without the vendor's prefix); the fake translates to each vendor's spelling.
 */
export interface MarketSource {
  /** Every symbol but option contracts. */
  readonly symbols: readonly string[]
  /**
   * The whole history of a symbol or option contract, sorted by date, days to come included; null when
   * there is no such symbol. Answer the same array every time: what is derived from it is kept by identity.
   */
  bars(symbol: string): Awaitable<readonly MarketBar[] | null>
  /** When a date's session opens and closes; null when the date has none. */
  session(date: string): MarketSession | null
  profile?(symbol: string): MarketProfile | null
  statements?(symbol: string): readonly MarketStatement[]
}
