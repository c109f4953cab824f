import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import { formatCents } from '../../src/pnl/index.ts'
import { roundStress } from '../../src/stress/index.ts'

function outcome(shares: Readonly<Record<string, number>>, directPnl = 0, pnlStdError = 0) {
  const correlatedPnl = Object.values(shares).reduce((sum, share) => sum + share, 0)
  const factorImpacts = shares
  const correlationEffect = correlatedPnl - directPnl
  return {
    directPnl,
    correlatedPnl,
    correlationEffect,
    pnlStdError,
    factorImpacts,
    directImpacts: {},
  }
}

describe('a stress outcome in cents', () => {
  test('gives the cents that rounding loses to the shares that lost most', () => {
    const rounded = roundStress(outcome({ a: 33.3349, b: 33.3351, c: 33.335 }))
    expect(rounded?.factorImpacts.map(([name, share]) => [name, formatCents(share)])).toEqual([
      ['a', '33.33'],
      ['b', '33.34'],
      ['c', '33.34'],
    ])
    expect(rounded?.correlatedPnl).toBe(10_001n)
  })

  test('adds up whatever the shares are', () => {
    const share = fc.double({ min: -1e9, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(fc.array(share, { minLength: 1, maxLength: 8 }), share, (shares, direct) => {
        const named = Object.fromEntries(shares.map((value, i) => [`f${i}`, value]))
        const rounded = roundStress(outcome(named, direct))
        if (rounded === null) throw new Error('not rounded')
        const sum = rounded.factorImpacts.reduce((total, [, cents]) => total + cents, 0n)
        expect(sum).toBe(rounded.correlatedPnl)
        expect(rounded.correlationEffect).toBe(rounded.correlatedPnl - rounded.directPnl)
        for (const [name, cents] of rounded.factorImpacts) {
          expect(Math.abs(Number(cents) - (named[name] ?? NaN) * 100)).toBeLessThan(1.001)
        }
      }),
      { seed: 11, numRuns: 300 },
    )
  })

  test('is none when a figure is not finite or too large for its column', () => {
    expect(roundStress(outcome({ a: NaN }))).toBeNull()
    expect(roundStress(outcome({ a: 1e16 }))).toBeNull()
    expect(roundStress(outcome({ a: 1e17, b: -1e17 }))).toBeNull()
    expect(roundStress(outcome({ a: 1 }, Infinity))).toBeNull()
  })
})
