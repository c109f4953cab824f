import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { selectAlertReadings } from '@sigmasight/core/alerts'
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

const NAMES = Object.keys(METRICS) as MetricName[]

export interface MetricParts {
  readonly database: Database
  readonly clock: Clock
  readonly log: Logger
  readonly settleMinutes: number
  /** SYMBOLS_MIN_SHARE. */
  readonly symbolsMinShare: number
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
    this.#gauges = new Map(NAMES.map((name) => [prometheusName(name), this.#gaugeOf(name)]))
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
   * logged when it happened and is not again. A figure that there is no longer, or not yet, is left out:
   * a zero would look like an outage.
   */
  async exposition(): Promise<string> {
    const { database, clock, settleMinutes, symbolsMinShare, caches } = this.#parts
    const now = clock.now()
    const durable = await selectDurableMetrics(database.db, { now, settleMinutes })
    const alerting = await selectAlertReadings(database.db, { now, settleMinutes, symbolsMinShare })
    this.#forget()
    for (const { name, value, tags } of [...durable, ...alerting, ...cacheReadings(caches)]) {
      this.set(prometheusName(name), value, tags)
    }
    return this.#registry.metrics()
  }

  #forget(): void {
    for (const name of NAMES) {
      const gauge = this.#gauges.get(prometheusName(name))
      // A gauge without labels that is reset says 0.
      if (METRICS[name].tags.length === 0) gauge?.remove()
      else gauge?.reset()
    }
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
