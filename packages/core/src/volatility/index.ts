export { annualVolatility } from './annual-volatility.ts'
export { volatilityMetrics, type VolatilityMetrics } from './volatility-metrics.ts'
export type { VolatilityTrend } from './volatility-trend.ts'
export { savePositionVolatility, type LotVolatility } from './store/save-position-volatility.ts'
