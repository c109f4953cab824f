import type { Logger } from '../logging/index.ts'
import type { MetricName } from './metric.ts'

/** Reports one figure. Tags tell apart figures of one name: `{ phase: 'prices' }`. */
export type RecordMetric = (
  name: MetricName,
  value: number,
  tags?: Readonly<Record<string, string>>,
) => void

/** Keeps the latest figure of each name and set of labels, for a scraper to read: a gauge. */
export interface MetricSink {
  /** @param name as Prometheus has it, see `prometheusName` */
  set(name: string, value: number, labels: Readonly<Record<string, string>>): void
}

/**
 * The only way out for metrics: each one is logged as a `metric` event under its own name and fed to
 * the sink, which one-shot programs do not have. Throws what the sink throws.
 */
export function createMetrics(log: Logger, sink: MetricSink | null = null): RecordMetric {
  return (name, value, tags = {}) => {
    log.info({ metric: name, value, tags }, 'metric')
    sink?.set(prometheusName(name), value, tags)
  }
}

/** @example prometheusName('v2.symbol_batch.errors') === 'v2_symbol_batch_errors' */
export function prometheusName(name: MetricName): string {
  return name.replaceAll('.', '_')
}
