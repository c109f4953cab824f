import type { AnalyticResult } from '../../src/analytics/index.ts'

/** The metrics of a result that must have some. */
export function metricsOf<Metrics>(result: AnalyticResult<Metrics>): Metrics {
  if (!result.success) throw new Error(`unavailable: ${result.reason}`)
  return result.metrics
}
