import { describe, expect, test } from '@jest/globals'
import type { IsoDate, SessionDate } from '../../src/calendar/iso-date.ts'
import {
  chooseVolatility,
  portfolioGreeks,
  positionGreeks,
  yearsToExpiration,
  type OptionTerms,
  type VolatilitySources,
} from '../../src/options-pricing/index.ts'
import { metricsOf } from '../analytics/metrics-of.ts'

const CALL: OptionTerms = {
  right: 'C',
  spot: 100,
  strike: 100,
  years: 1,
  rate: 0.05,
  dividendYield: 0,
}
const CLOSE = 10.450583572185565
const sources = (changes: Partial<VolatilitySources> = {}): VolatilitySources => ({
  optionClose: CLOSE,
  lastSolved: null,
  realizedVolatility: null,
  ...changes,
})

describe('the volatility of an option', () => {
  const everything = {
    lastSolved: { volatility: 0.3, sessionsAgo: 5 },
    realizedVolatility: 0.4,
  }

  test('is that of its close', () => {
    const chosen = chooseVolatility(CALL, sources(everything))
    expect(chosen).toMatchObject({ model: 'bsm', refusal: null })
    expect(chosen?.volatility).toBeCloseTo(0.2, 10)
  })

  test('is the last one solved when there is no close, or none that tells it', () => {
    const last = { volatility: 0.3, model: 'bsm_last_vol' }
    expect(chooseVolatility(CALL, sources({ ...everything, optionClose: null }))).toEqual({
      ...last,
      refusal: null,
    })
    expect(chooseVolatility(CALL, sources({ ...everything, optionClose: 200 }))).toEqual({
      ...last,
      refusal: 'above_bound',
    })
  })

  test('is what the underlying realised when the last one solved is six sessions old', () => {
    const old = { lastSolved: { volatility: 0.3, sessionsAgo: 6 }, realizedVolatility: 0.4 }
    const chosen = chooseVolatility(CALL, sources({ ...old, optionClose: null }))
    expect(chosen).toEqual({ volatility: 0.4, model: 'bsm_hist_vol', refusal: null })
  })

  test('is not invented', () => {
    expect(chooseVolatility(CALL, sources({ optionClose: null }))).toBeNull()
  })
})

describe('Greeks of a lot', () => {
  test('two calls short move like −12,736.61 dollars of the underlying', () => {
    const greeks = metricsOf(positionGreeks({ terms: CALL, sources: sources(), quantity: -2 }))
    expect(greeks.delta).toBeCloseTo(-127.366, 3)
    expect(greeks.deltaDollars).toBeCloseTo(-12_736.613, 3)
    // Γ = 0.018762: one percent of 100 dollars moves delta by 0.018762 a share.
    expect(greeks.gammaDollars).toBeCloseTo(-2 * 100 * 0.018762017345846895 * 100, 6)
    expect(greeks.vegaPerPoint).toBeCloseTo(-2 * 37.524034691693785, 6)
    expect(greeks.thetaPerDay).toBeCloseTo((2 * 100 * 6.4140275464382) / 365, 6)
    expect(greeks).toMatchObject({ model: 'bsm' })
    expect(greeks.modelPrice).toBeCloseTo(CLOSE, 8)
  })

  test.each([
    { reason: 'no_price_data', terms: null, from: sources() },
    { reason: 'no_greeks', terms: { ...CALL, years: 0 }, from: sources() },
    { reason: 'no_greeks', terms: CALL, from: sources({ optionClose: null }) },
  ])('are missing with a reason: $reason', ({ reason, terms, from }) => {
    const result = positionGreeks({ terms, sources: from, quantity: 1 })
    expect(result).toEqual({ success: false, reason })
  })

  test('add up over a portfolio, shares included, in any order', () => {
    const lot = (quantity: number) =>
      metricsOf(positionGreeks({ terms: CALL, sources: sources(), quantity }))
    const lots = [lot(3), lot(-1), lot(7)]
    const sum = portfolioGreeks(5_000, lots)
    expect(sum.delta).toBeCloseTo(5_000 + lot(9).deltaDollars, 8)
    expect(sum.vega).toBeCloseTo(lot(9).vegaPerPoint, 8)
    expect(portfolioGreeks(5_000, lots.toReversed())).toEqual(sum)
    const hedged = portfolioGreeks(0, [lot(2), lot(-2)])
    expect(hedged).toEqual({ delta: 0, gamma: 0, theta: 0, vega: 0 })
  })
})

describe('time to expiration', () => {
  const years = (from: string, to: string) => yearsToExpiration(from as SessionDate, to as IsoDate)

  test('counts actual days, a Friday to the next one seven of them', () => {
    expect(years('2024-01-12', '2024-01-19')).toBeCloseTo(7 / 365, 14)
    expect(years('2024-01-12', '2026-01-16')).toBeCloseTo(735 / 365, 14)
  })

  test('is over at the close of the last day', () => {
    expect(years('2024-01-19', '2024-01-19')).toBe(0)
    expect(years('2024-01-22', '2024-01-19')).toBeLessThan(0)
  })

  test('has an hour less over the change to summer time and three more from an early close', () => {
    expect(years('2024-03-08', '2024-03-15')).toBeCloseTo((7 - 1 / 24) / 365, 14)
    expect(years('2024-11-29', '2024-12-06')).toBeCloseTo((7 + 3 / 24) / 365, 14)
  })
})
