export { drawdown, type Drawdown } from './drawdown.ts'
export { linkedReturn } from './linked-return.ts'
export type { BenchmarkComparison } from './benchmark-comparison.ts'
export type { PerformanceDay } from './performance-day.ts'
export {
  performanceMetrics,
  type PerformanceInputs,
  type PerformanceMetrics,
} from './performance-metrics.ts'
export { tailRisk, type TailRisk } from './value-at-risk.ts'
export {
  loadPerformance,
  type Performance,
  type PerformanceQuery,
} from './store/load-performance.ts'
