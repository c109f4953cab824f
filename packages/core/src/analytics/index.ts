export {
  ANALYTIC_REASONS,
  available,
  unavailable,
  type AnalyticReason,
  type AnalyticResult,
} from './analytic-result.ts'
export { hasEnoughMarks } from './has-enough-marks.ts'
export { noHoldingsReason } from './no-holdings-reason.ts'
export {
  portfolioAnalytics,
  type AnalysedBook,
  type MarketOfDate,
  type PortfolioAnalytics,
} from './portfolio-analytics.ts'
export { savePortfolioAnalytics } from './store/save-portfolio-analytics.ts'
export { saveReasons, type PortfolioReasons } from './store/save-reasons.ts'
