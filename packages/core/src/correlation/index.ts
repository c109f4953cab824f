export {
  portfolioCorrelation,
  type CorrelationExclusion,
  type PortfolioCorrelation,
} from './portfolio-correlation.ts'
export {
  returnColumns,
  SESSIONS as CORRELATION_SESSIONS,
  type ReturnColumns,
} from './return-columns.ts'
export type { CorrelationLimits } from './select-holdings.ts'
export { saveCorrelations, type CorrelatedPortfolio } from './store/save-correlations.ts'
export { correlateNow, type CorrelationRequest } from './store/correlate-now.ts'
