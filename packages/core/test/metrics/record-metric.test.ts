import { describe, expect, test } from '@jest/globals'
import { createMetrics, METRICS, prometheusName } from '../../src/metrics/index.ts'
import type { MetricName } from '../../src/metrics/index.ts'
import { recordingLog } from '../alerts/recording-log.ts'

describe('recording a metric', () => {
  test('logs its name, value and tags', () => {
    const { log, lines } = recordingLog()
    createMetrics(log)('v2.symbol_batch.phase_duration_seconds', 1.5, { phase: 'prices' })
    createMetrics(log)('v2.symbol_batch.errors', 0)
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'metric',
        fields: {
          metric: 'v2.symbol_batch.phase_duration_seconds',
          value: 1.5,
          tags: { phase: 'prices' },
        },
      },
      {
        level: 'info',
        message: 'metric',
        fields: { metric: 'v2.symbol_batch.errors', value: 0, tags: {} },
      },
    ])
  })

  test('feeds the sink under the name that Prometheus takes', () => {
    const fed: unknown[] = []
    const sink = { set: (...figure: unknown[]) => fed.push(figure) }
    createMetrics(recordingLog().log, sink)('v2.freshness.sessions_behind', 2, {
      layer: 'symbol_batch',
    })
    expect(fed).toEqual([['v2_freshness_sessions_behind', 2, { layer: 'symbol_batch' }]])
  })

  test('every metric has a name that Prometheus accepts, its own, and a help', () => {
    const names = Object.keys(METRICS) as MetricName[]
    const translated = names.map(prometheusName)
    expect(new Set(translated).size).toBe(names.length)
    for (const name of translated) expect(name).toMatch(/^v2_[a-z0-9_]+$/)
    for (const { help } of Object.values(METRICS)) expect(help).toMatch(/\.$/)
  })
})
