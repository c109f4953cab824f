import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import { judgeThresholds } from '../../src/alerts/judge-thresholds.ts'
import type { ThresholdFacts } from '../../src/alerts/thresholds.ts'
import { THRESHOLDS } from '../../src/alerts/thresholds.ts'
import type { MetricName } from '../../src/metrics/metric.ts'

const FACTS: ThresholdFacts = { symbolsMinShare: 0.8, medianSymbols: 500, activePortfolios: 100 }

/** Whether a figure alerts; undefined when it is not judged. */
function alerts(metric: MetricName, value: number, facts: Partial<ThresholdFacts> = {}) {
  const verdict = judgeThresholds(new Map([[metric, value]]), { ...FACTS, ...facts })
  if (verdict.alerts.length + verdict.fine.length === 0) return undefined
  return verdict.alerts.length > 0
}

describe('the threshold table', () => {
  test.each([
    ['v2.symbol_batch.duration_seconds', 1800, 1800.001],
    ['v2.symbol_batch.symbols_processed', 400, 399],
    ['v2.symbol_batch.errors', 10, 11],
    ['v2.symbol_batch.failed_share', 0.1, 0.1001],
    ['v2.portfolio_refresh.duration_seconds', 1800, 1800.001],
    ['v2.portfolio_refresh.portfolios_processed', 90, 89],
    ['v2.portfolio_refresh.errors', 10, 11],
    ['v2.portfolio_refresh.failed_share', 0.1, 0.1001],
    ['v2.onboarding.duration_seconds', 10, 10.001],
    ['v2.onboarding.success_rate', 0.95, 0.9499],
  ] as const)('%s is fine at %p and alerts at %p', (metric, fine, bad) => {
    expect(alerts(metric, fine)).toBe(false)
    expect(alerts(metric, bad)).toBe(true)
  })

  test('has every row tried here', () => {
    expect(THRESHOLDS).toHaveLength(10)
  })

  test.each([
    // A small universe is measured by itself, a large one by 400.
    [{ medianSymbols: 100 }, 80, 79],
    [{ medianSymbols: 5000 }, 400, 399],
    [{ medianSymbols: 500 }, 400, 399],
    [{ medianSymbols: 499 }, 399.2, 399.1],
    [{ medianSymbols: 100, symbolsMinShare: 0.5 }, 50, 49],
    [{ medianSymbols: null }, 400, 399],
  ])('given %p, %p symbols are fine and %p are few', (facts, fine, few) => {
    expect(alerts('v2.symbol_batch.symbols_processed', fine, facts)).toBe(false)
    expect(alerts('v2.symbol_batch.symbols_processed', few, facts)).toBe(true)
  })

  test('without a known number of active portfolios none is too few', () => {
    expect(alerts('v2.portfolio_refresh.portfolios_processed', 0, { activePortfolios: null })).toBe(
      undefined,
    )
  })

  test('exactly the share that is asked for is enough, whatever the count', () => {
    for (let tens = 1; tens <= 50; tens++) {
      const facts = { medianSymbols: 5 * tens, activePortfolios: 10 * tens }
      expect(alerts('v2.symbol_batch.symbols_processed', 4 * tens, facts)).toBe(false)
      expect(alerts('v2.portfolio_refresh.portfolios_processed', 9 * tens, facts)).toBe(false)
    }
  })

  test('more symbols never alert where fewer do not', () => {
    fc.assert(
      fc.property(
        fc.nat(2000),
        fc.nat(2000),
        fc.option(fc.nat(2000)),
        (symbols, more, medianSymbols) => {
          const metric = 'v2.symbol_batch.symbols_processed'
          if (alerts(metric, symbols, { medianSymbols }) === false) {
            expect(alerts(metric, symbols + more, { medianSymbols })).toBe(false)
          }
        },
      ),
      { seed: 6, numRuns: 200 },
    )
  })

  test('an alert says what was measured, the limit and what is expected', () => {
    const { alerts: found } = judgeThresholds(new Map([['v2.symbol_batch.errors', 12]]), FACTS)
    expect(found).toEqual([
      {
        key: 'symbol_batch.errors',
        severity: 'warning',
        title: 'Symbol batch had many errors',
        text: 'v2.symbol_batch.errors is 12, above 10; expected: 0.',
        facts: { value: 12, limit: 10 },
      },
    ])
  })
})
