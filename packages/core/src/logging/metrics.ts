import type { Logger } from './logger.ts'

/** The metrics there are; seconds are seconds, timestamps are Unix seconds. */
export type MetricName =
  | 'v2.symbol_batch.duration_seconds'
  | 'v2.symbol_batch.symbols_processed'
  | 'v2.symbol_batch.errors'
  | 'v2.symbol_batch.phase_duration_seconds'
  | 'v2.symbol_batch.last_success_timestamp_seconds'

/** Reports one figure. Tags tell apart figures of one name: `{ phase: 'prices' }`. */
export type RecordMetric = (
  name: MetricName,
  value: number,
  tags?: Readonly<Record<string, string>>,
) => void

/** The only way out for metrics: each one is logged as a `metric` event. */
export function createMetrics(log: Logger): RecordMetric {
  return (name, value, tags = {}) => {
    log.info({ metric: name, value, tags }, 'metric')
  }
}
