/** The settings that portfolio phases obey. */
export interface PortfolioSettings {
  /** Groups of portfolios under way at once (PORTFOLIO_REFRESH_CONCURRENCY). */
  readonly portfolioRefreshConcurrency: number
  /** Continuously compounded, a fraction per year (RISK_FREE_RATE). */
  readonly riskFreeRate: number
  /** Share of a portfolio's lots that may be without a mark (ANALYTICS_MAX_MISSING_SHARE). */
  readonly analyticsMaxMissingShare: number
  /** Whether some provider that is configured knows prices of option contracts. */
  readonly hasOptionPrices: boolean
  /** Of the interest-rate proxy, years (TLT_EFFECTIVE_DURATION). */
  readonly tltEffectiveDuration: number
  /** Smallest share of gross that is correlated (CORRELATION_MIN_WEIGHT). */
  readonly correlationMinWeight: number
  /** Smallest market value that is correlated, dollars (CORRELATION_MIN_VALUE). */
  readonly correlationMinValue: number
  /** Unexplained P&L ÷ equity that is a sign of bad data (PNL_REST_ALERT). */
  readonly pnlRestAlert: number
}
