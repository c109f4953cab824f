export { METRICS, type MetricDefinition, type MetricName, type MetricReading } from './metric.ts'
export {
  createMetrics,
  prometheusName,
  type MetricSink,
  type RecordMetric,
} from './record-metric.ts'
export { metricsOfRun } from './metrics-of-run.ts'
export { LAYERS_OF, type RunLayer } from './run-layer.ts'
export { selectDurableMetrics } from './store/select-durable-metrics.ts'
export { selectLayerProgress, type LayerProgress } from './store/select-layer-progress.ts'
export { saveCacheFigures, type CacheFigures } from './store/save-cache-figures.ts'
export { saveDailyFigures, type DayRange } from './store/save-daily-figures.ts'
export { selectDailyFigures, type DailyFigure } from './store/select-daily-figures.ts'
