import { describe, expect, test } from '@jest/globals'
import { concentration, sectorWeights, type SectorFact } from '../../src/concentration/index.ts'
import { parseCents } from '../../src/pnl/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { metricsOf } from '../analytics/metrics-of.ts'
import { option, privateLot, shares } from '../exposures/exposure-world.ts'

describe('concentration', () => {
  test('of 50, 30 and a short of 20 has an HHI of 3,800 and 2.63 effective positions', () => {
    const lots = [shares('A', '50000'), shares('B', '30000'), shares('C', '-20000')]
    const metrics = metricsOf(concentration(lots))
    expect(metrics.hhi).toBeCloseTo(3800, 9)
    expect(metrics.effectivePositions).toBeCloseTo(10_000 / 3800, 12)
    expect(metrics.top3).toBe(1)
  })

  test('of twenty equal holdings is 500, twenty, 15 % and 50 %', () => {
    const lots = Array.from({ length: 20 }, (_, i) => shares(`S${i}`, '1000'))
    const metrics = metricsOf(concentration(lots))
    expect(metrics.hhi).toBeCloseTo(500, 10)
    expect(metrics.effectivePositions).toBeCloseTo(20, 10)
    expect(metrics.top3).toBeCloseTo(0.15, 14)
    expect(metrics.top10).toBeCloseTo(0.5, 14)
  })

  test('nets the lots of a symbol, but not a PRIVATE holding spelled like a listed one', () => {
    const split = [shares('A', '40000'), shares('B', '30000'), shares('A', '10000')]
    expect(metricsOf(concentration(split))).toEqual(
      metricsOf(concentration([shares('A', '50000'), shares('B', '30000')])),
    )
    const spelledAlike = [shares('STARTUP', '100'), privateLot('100')]
    expect(metricsOf(concentration(spelledAlike)).hhi).toBeCloseTo(5000, 10)
  })

  test.each([
    { reason: 'no_active_positions', lots: [] },
    { reason: 'no_price_data', lots: [shares('A', '5', { priceStatus: 'missing' })] },
    { reason: 'no_price_data', lots: [shares('A', '5'), shares('A', '-5')] },
  ])('is missing with a reason: $reason', ({ reason, lots }) => {
    expect(concentration(lots)).toEqual({ success: false, reason })
  })
})

describe('sector weights', () => {
  const facts = new Map<string, SectorFact>([
    ['AAPL', { sector: 'Information Technology', isFund: false }],
    ['SPY', { sector: 'Financials', isFund: true }],
    ['NEW', { sector: null, isFund: false }],
  ]) as unknown as ReadonlyMap<Ticker, SectorFact>
  const lots = [
    shares('AAPL', '40000.01'),
    shares('AAPL', '20000'),
    shares('SPY', '-20000'),
    shares('NEW', '1000', { priceStatus: 'missing' }),
    option('AAPL', '500', null),
    privateLot('40000'),
  ]

  test('have buckets for ETFs, options, PRIVATE and the unknown, largest first', () => {
    const weights = sectorWeights(lots, parseCents('100000'), facts)
    expect(weights.map(({ sector, weight }) => [sector, weight])).toEqual([
      ['Information Technology', 0.6000001],
      ['Private', 0.4],
      ['ETF', 0.2],
      ['Unclassified', 0.01],
      ['Options', 0.005],
    ])
  })

  test('add up to gross over equity', () => {
    const weights = sectorWeights(lots, parseCents('100000'), facts)
    const gross = weights.reduce((sum, { grossValue }) => sum + grossValue, 0n)
    expect(gross).toBe(parseCents('121500.01'))
    const total = weights.reduce((sum, { weight }) => sum + (weight ?? NaN), 0)
    expect(total).toBeCloseTo(1.2150001, 14)
  })

  test('have values without weights when equity is not positive', () => {
    expect(sectorWeights([shares('NEW', '10')], parseCents('-5'), facts)).toEqual([
      { sector: 'Unclassified', grossValue: parseCents('10'), weight: null },
    ])
  })
})
