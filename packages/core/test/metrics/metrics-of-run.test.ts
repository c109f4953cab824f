import { describe, expect, test } from '@jest/globals'
import type { RunResult } from '../../src/batch/result.ts'
import { METRICS, metricsOfRun } from '../../src/metrics/index.ts'
import { dated, phase, refreshResult, runResult, TARGET } from '../alerts/results.ts'

/** The figures by name, and by name and phase. */
function figures(result: RunResult): Record<string, number> {
  return Object.fromEntries(
    metricsOfRun(result).map(({ name, value, tags }) => {
      const phaseName = tags['phase']
      return [phaseName === undefined ? name : `${name}/${phaseName}`, value]
    }),
  )
}

const CATCH_UP = [
  dated('2025-07-01', {
    prices: phase({ processed: 495, failed: 5, duration_ms: 3000 }),
    factors: phase({ processed: 490, failed: 2, duration_ms: 500 }),
  }),
  dated(TARGET, {
    prices: phase({ processed: 499, failed: 1, duration_ms: 1000 }),
    factors: phase({ processed: 498, skipped: 1, failed: 1, duration_ms: 500 }),
  }),
]

describe('the metrics of a run', () => {
  test('a symbol batch: errors and failed share are of the worst session, phase times of all', () => {
    expect(figures(runResult({ dates: CATCH_UP, symbols_processed: 498 }))).toEqual({
      'v2.symbol_batch.duration_seconds': 900,
      'v2.symbol_batch.symbols_processed': 498,
      'v2.symbol_batch.errors': 7,
      'v2.symbol_batch.failed_share': 0.01,
      'v2.symbol_batch.phase_duration_seconds/prices': 4,
      'v2.symbol_batch.phase_duration_seconds/factors': 1,
      'v2.symbol_batch.last_success_timestamp_seconds': Date.UTC(2025, 6, 3, 1, 15) / 1000,
    })
  })

  test('a portfolio refresh: snapshots of all sessions, sessions before the target, each failed portfolio once', () => {
    const dates = [
      dated('2025-06-30', { snapshots: phase({ processed: 2, failed: 1 }) }),
      dated('2025-07-01', { snapshots: phase({ processed: 3 }) }),
      dated(TARGET, { snapshots: phase({ processed: 9, failed: 1 }), exposures: phase() }),
    ]
    expect(figures(refreshResult({ dates, portfolios_processed: 9 }))).toMatchObject({
      'v2.portfolio_refresh.portfolios_processed': 9,
      'v2.portfolio_refresh.portfolios_failed': 2,
      'v2.portfolio_refresh.snapshots_created': 14,
      'v2.portfolio_refresh.days_backfilled': 2,
      'v2.portfolio_refresh.errors': 1,
      'v2.portfolio_refresh.failed_share': 1 / 3,
      'v2.portfolio_refresh.phase_duration_seconds/snapshots': 6,
    })
  })

  test('a legacy run: both layers, each with the time of its own phases', () => {
    const dates = [
      dated(TARGET, {
        prices: phase({ processed: 500, duration_ms: 7000 }),
        snapshots: phase({ processed: 10, failed: 1, duration_ms: 3000 }),
      }),
    ]
    expect(figures(runResult({ job_type: 'legacy_batch', mode: 'legacy', dates }))).toMatchObject({
      'v2.symbol_batch.duration_seconds': 7,
      'v2.symbol_batch.errors': 0,
      'v2.portfolio_refresh.duration_seconds': 3,
      'v2.portfolio_refresh.errors': 1,
    })
  })

  test('a failed run gives its figures, but no time of success', () => {
    const failed = figures(runResult({ status: 'failed' }))
    expect(failed['v2.symbol_batch.duration_seconds']).toBe(900)
    expect(failed).not.toHaveProperty('v2.symbol_batch.last_success_timestamp_seconds')
  })

  test.each([
    { status: 'skipped', reason: 'already_running', dates: [] },
    { reason: 'nothing_to_do', dates: [] },
    { job_type: 'symbol_onboarding' },
  ] as const)('%p gives none', (changes) => {
    expect(metricsOfRun(runResult(changes))).toEqual([])
  })

  test('uses the tags that the table declares', () => {
    for (const { name, tags } of metricsOfRun(runResult())) {
      expect(Object.keys(tags)).toEqual([...METRICS[name].tags])
    }
  })
})
