import type { MetricName } from '../metrics/metric.ts'
import type { Alert, Verdict } from './alert.ts'
import { THRESHOLDS, type Threshold, type ThresholdFacts } from './thresholds.ts'

/** Figures by metric, without tags. */
export type Figures = ReadonlyMap<MetricName, number>

/**
 * Holds figures against the threshold table. A key is the metric's name without its version:
 * `symbol_batch.errors`. A figure that is absent, or whose limit cannot be told, is not judged.
 */
export function judgeThresholds(figures: Figures, facts: ThresholdFacts): Verdict {
  const alerts: Alert[] = []
  const fine: string[] = []
  for (const threshold of THRESHOLDS) {
    const { metric, alertWhen, limit: rule } = threshold
    const value = figures.get(metric)
    const limit = typeof rule === 'number' ? rule : rule(facts)
    if (value === undefined || limit === null) continue
    const isBreached = alertWhen === 'above' ? value > limit : value < limit
    if (isBreached) alerts.push(alertOf(threshold, value, limit))
    else fine.push(keyOf(metric))
  }
  return { alerts, fine }
}

function alertOf(threshold: Threshold, value: number, limit: number): Alert {
  const { metric, title, severity, expected, alertWhen } = threshold
  const [shown, shownLimit] = [rounded(value), rounded(limit)]
  return {
    key: keyOf(metric),
    severity,
    title,
    text: `${metric} is ${shown}, ${alertWhen} ${shownLimit}; expected: ${expected}.`,
    facts: { value: shown, limit: shownLimit },
  }
}

function keyOf(metric: MetricName): string {
  return metric.replace(/^v2\./, '')
}

/** To four significant digits or whole, whichever says more. */
function rounded(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4))
}
