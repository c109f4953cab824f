import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import {
  impliedVolatility,
  priceOption,
  type OptionTerms,
} from '../../src/options-pricing/index.ts'

const CALL: OptionTerms = {
  right: 'C',
  spot: 100,
  strike: 100,
  years: 1,
  rate: 0.05,
  dividendYield: 0,
}

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const options = fc.record({
  right: fc.constantFrom('C' as const, 'P' as const),
  spot: number(1, 1000),
  strike: number(1, 1000),
  years: number(0.01, 3),
  rate: number(-0.01, 0.1),
  dividendYield: number(0, 0.08),
})
const volatilities = number(0.05, 1.5)
const RUNS = { seed: 5, numRuns: 300 }

describe('an option', () => {
  test('of the textbook is worth 10.4506 with a delta of 0.6368', () => {
    expect(priceOption(CALL, 0.2).price).toBeCloseTo(10.450583572185565, 12)
    expect(priceOption(CALL, 0.2).delta).toBeCloseTo(0.6368306511756191, 13)
  })

  test('and its opposite differ by the forward (put-call parity)', () => {
    fc.assert(
      fc.property(options, volatilities, (terms, volatility) => {
        const call = priceOption({ ...terms, right: 'C' }, volatility)
        const put = priceOption({ ...terms, right: 'P' }, volatility)
        const { spot, strike, years, rate, dividendYield } = terms
        const forward = spot * Math.exp(-dividendYield * years) - strike * Math.exp(-rate * years)
        expect(Math.abs(call.price - put.price - forward)).toBeLessThan(1e-10)
        expect(call.gamma).toBeCloseTo(put.gamma, 12)
        expect(call.vega).toBeCloseTo(put.vega, 9)
      }),
      RUNS,
    )
  })

  test('obeys the equation that defines it: θ + ½σ²S²Γ + (r − q)SΔ = rV', () => {
    fc.assert(
      fc.property(options, volatilities, (terms, volatility) => {
        const { price, delta, gamma, theta } = priceOption(terms, volatility)
        const { spot, rate, dividendYield } = terms
        const left =
          theta + 0.5 * volatility ** 2 * spot ** 2 * gamma + (rate - dividendYield) * spot * delta
        expect(Math.abs(left - rate * price)).toBeLessThan(1e-10 * spot)
      }),
      RUNS,
    )
  })

  test('has the Greeks that differences of its price show', () => {
    fc.assert(
      fc.property(options, volatilities, (terms, volatility) => {
        const value = priceOption(terms, volatility)
        const scale = Math.max(terms.spot, terms.strike)
        const slope = (at: (step: number) => number) => (at(1e-4) - at(-1e-4)) / 2e-4
        const vega = slope((step) => priceOption(terms, volatility + step).price)
        const rho = slope(
          (step) => priceOption({ ...terms, rate: terms.rate + step }, volatility).price,
        )
        const theta = -slope(
          (step) => priceOption({ ...terms, years: terms.years + step }, volatility).price,
        )
        expect(Math.abs(vega - value.vega) / scale).toBeLessThan(1e-3)
        expect(Math.abs(rho - value.rho) / scale).toBeLessThan(1e-5)
        expect(Math.abs(theta - value.theta) / scale).toBeLessThan(1e-2)
      }),
      RUNS,
    )
  })

  test('without volatility has the delta of the share that will be bought, half of it at the money', () => {
    const certain = { ...CALL, dividendYield: 0.02 }
    expect(priceOption(certain, 0).delta).toBeCloseTo(Math.exp(-0.02), 14)
    expect(priceOption({ ...certain, right: 'P' }, 0)).toMatchObject({ price: 0, gamma: 0 })
    const expired = { ...CALL, years: 0 }
    expect(priceOption(expired, 0.2)).toMatchObject({ price: 0, delta: 0.5, gamma: 0, vega: 0 })
  })
})

describe('an implied volatility', () => {
  test('is the one that the price was made with', () => {
    fc.assert(
      fc.property(options, volatilities, (terms, volatility) => {
        const value = priceOption(terms, volatility)
        const implied = impliedVolatility(terms, value.price)
        // A price of 1e-14 of spot exact fixes the volatility to 1e-7 at a vega of 1e-7.
        if (implied.ok) expect(Math.abs(implied.volatility - volatility)).toBeLessThan(1e-6)
        else expect(value.vega).toBeLessThan(1.1e-7 * terms.spot)
      }),
      { ...RUNS, numRuns: 2000 },
    )
  })

  test.each([
    { reason: 'expired', terms: { ...CALL, years: 0 }, price: 5 },
    { reason: 'below_intrinsic', terms: { ...CALL, strike: 50 }, price: 50 },
    { reason: 'below_intrinsic', terms: CALL, price: 0 },
    { reason: 'above_bound', terms: CALL, price: 100 },
    { reason: 'above_bound', terms: { ...CALL, right: 'P' as const }, price: 95.2 },
    { reason: 'not_well_posed', terms: { ...CALL, strike: 10 }, price: 90.4877057549929 },
    { reason: 'not_well_posed', terms: CALL, price: 99.9999999999999 },
  ])('is refused: $reason', ({ reason, terms, price }) => {
    expect(impliedVolatility(terms, price)).toEqual({ ok: false, reason })
  })
})
