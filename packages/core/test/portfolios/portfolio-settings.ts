import type { PortfolioSettings } from '../../src/batch/portfolio-settings.ts'

/** The defaults, with somebody who knows prices of options. */
export const PORTFOLIO_SETTINGS: PortfolioSettings = {
  portfolioRefreshConcurrency: 10,
  riskFreeRate: 0.045,
  analyticsMaxMissingShare: 0.05,
  hasOptionPrices: true,
  tltEffectiveDuration: 16.5,
  correlationMinWeight: 0.01,
  correlationMinValue: 10_000,
  pnlRestAlert: 0.03,
}
