/**
 * The demo's portfolios as they are written down: amounts in dollars and moments in sessions before the
 * effective date. What they are in shares and prices follows from the market, see `planDemoPortfolio`.
 */
export interface DemoPortfolio {
  readonly name: string
  readonly accountName: string
  readonly accountType: string
  readonly description: string
  /** Gross exposure ÷ equity on the first snapshot, from which the equity follows. */
  readonly leverage: number
  readonly holdings: readonly DemoHolding[]
  readonly options: readonly DemoOption[]
  readonly privateHoldings: readonly DemoPrivateHolding[]
  readonly flows: readonly DemoFlow[]
}

/** Shares bought (or sold short, with negative dollars) at a close. */
export interface DemoHolding {
  readonly symbol: string
  readonly dollars: number
  readonly sessionsAgo: number
  /** When half of the lot was closed again, at that session's close. */
  readonly halfSoldSessionsAgo?: number
}

export interface DemoOption {
  /** Long or short, call or put. */
  readonly positionType: 'LC' | 'LP' | 'SC' | 'SP'
  readonly underlying: string
  /** How many, long or short. */
  readonly contracts: number
  readonly sessionsAgo: number
  /** Strike ÷ price of the underlying at entry, before it is rounded to a strike that is listed. */
  readonly moneyness: number
  /** It expires on the first Friday at least so many days after the effective date. */
  readonly expiresInDays: number
}

/** Something without a market, with the values its owner has been told. */
export interface DemoPrivateHolding {
  readonly symbol: string
  readonly notes: string
  readonly cost: number
  readonly sessionsAgo: number
  readonly valuations: readonly { readonly sessionsAgo: number; readonly value: number }[]
}

export interface DemoFlow {
  readonly changeType: 'CONTRIBUTION' | 'WITHDRAWAL'
  readonly amount: number
  readonly sessionsAgo: number
  readonly notes: string
}
