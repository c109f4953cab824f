import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Clock } from '@sigmasight/core/clock'
import type { Database } from '@sigmasight/core/database'
import type { Logger } from '@sigmasight/core/logging'
import {
  createMetrics,
  METRICS,
  prometheusName,
  selectDurableMetrics,
  type MetricName,
  type MetricReading,
  type MetricSink,
  type RecordMetric,
} from '@sigmasight/core/metrics'
import type { Caches } from '../cache/create-caches.ts'

export interface MetricParts {
  readonly database: Database
  readonly clock: Clock
  readonly log: Logger
  readonly settleMinutes: number
  readonly caches: Caches
}

/** What this process has to tell a scraper. */
export class PrometheusMetrics implements MetricSink {
  readonly record: RecordMetric
  readonly #parts: MetricParts
  readonly #registry = new Registry()
  readonly #gauges: ReadonlyMap<string, Gauge>

  constructor(parts: MetricParts) {
    this.#parts = parts
    this.record = createMetrics(parts.log, this)
    collectDefaultMetrics({ register: this.#registry })
    const names = Object.keys(METRICS) as MetricName[]
    this.#gauges = new Map(names.map((name) => [prometheusName(name), this.#gaugeOf(name)]))
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  set(name: string, value: number, labels: Readonly<Record<string, string>>): void {
    const gauge = this.#gauges.get(name)
    if (gauge === undefined) throw new RangeError(`there is no metric ${name}`)
    gauge.set(labels, value)
  }

  /**
   * Everything in Prometheus' text form. What other processes did is read from the history tables now; it was
   * logged when it happened and is not again.
   */
  async exposition(): Promise<string> {
    const { database, clock, settleMinutes, caches } = this.#parts
    const durable = await selectDurableMetrics(database.db, { now: clock.now(), settleMinutes })
    for (const { name, value, tags } of [...durable, ...cacheReadings(caches)]) {
      this.set(prometheusName(name), value, tags)
    }
    return this.#registry.metrics()
  }

  #gaugeOf(name: MetricName): Gauge {
    const { help, tags } = METRICS[name]
    return new Gauge({
      name: prometheusName(name),
      help,
      labelNames: tags,
      registers: [this.#registry],
    })
  }
}

function cacheReadings({ symbols, answers }: Caches): readonly MetricReading[] {
  const [data, answered] = [symbols.status(), answers.counts()]
  const of = (cache: 'symbols' | 'answers') => ({ cache })
  return [
    { name: 'v2.cache.hits', value: data.hits, tags: of('symbols') },
    { name: 'v2.cache.hits', value: answered.hits, tags: of('answers') },
    { name: 'v2.cache.misses', value: data.fallbacks, tags: of('symbols') },
    { name: 'v2.cache.misses', value: answered.misses, tags: of('answers') },
    { name: 'v2.cache.invalidations', value: data.refreshes, tags: of('symbols') },
    { name: 'v2.cache.invalidations', value: answered.outdated, tags: of('answers') },
    { name: 'v2.cache.loaded', value: data.isLoaded ? 1 : 0, tags: {} },
    { name: 'v2.cache.symbols', value: data.symbols, tags: {} },
  ]
}
