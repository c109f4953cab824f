import { expect, test } from '@jest/globals'
import {
  impliedVolatility,
  priceOption,
  type OptionTerms,
} from '../../src/options-pricing/index.ts'
import { truthTable, type TruthRow } from '../analytics/truth-table.ts'
import { WorstError } from '../factors/truth-rows.ts'
import { describeWithShared } from '../harness/shared-data.ts'

const termsOf = (row: TruthRow): OptionTerms => ({
  right: row.text('type') === 'C' ? 'C' : 'P',
  spot: row.number('S'),
  strike: row.number('K'),
  years: row.number('T'),
  rate: row.number('r'),
  dividendYield: row.number('q'),
})

describeWithShared('250 European options', () => {
  const rows = () => truthTable('options/black-scholes-merton')

  test('agree with the closed form of forty digits to 1e-13 and with QuantLib to 1e-12 of spot', () => {
    const [closedForm, quantLib] = [new WorstError('absolute'), new WorstError('absolute')]
    expect(rows()).toHaveLength(250)
    for (const row of rows()) {
      const terms = termsOf(row)
      const value = priceOption(terms, row.number('sigma'))
      for (const name of ['price', 'delta', 'gamma', 'vega', 'theta', 'rho'] as const) {
        const where = `${row.text('id')} ${name}`
        const scaled = value[name] / terms.spot
        closedForm.compare(scaled, row.number(`mp_${name}`) / terms.spot, where)
        quantLib.compare(scaled, row.number(name) / terms.spot, where)
      }
    }
    closedForm.assertWithin(1e-13)
    quantLib.assertWithin(1e-12)
  })

  test('give back their volatility exactly where it is well posed, and a refusal elsewhere', () => {
    const worst = new WorstError('absolute')
    const refusals = new Map<string, number>()
    for (const row of rows()) {
      for (const column of ['price', 'mp_price']) {
        const implied = impliedVolatility(termsOf(row), row.number(column))
        const where = `${row.text('id')} ${column}`
        expect([where, implied.ok]).toEqual([where, row.text('iv_well_posed') === '1'])
        if (implied.ok) worst.compare(implied.volatility, row.number('sigma'), where)
        else refusals.set(implied.reason, (refusals.get(implied.reason) ?? 0) + 1)
      }
    }
    worst.assertWithin(1e-8)
    expect([...refusals.keys()].sort()).toEqual(['below_intrinsic', 'not_well_posed'])
  })

  test('agree at the limits of no time and no volatility', () => {
    const worst = new WorstError('absolute')
    for (const row of truthTable('options/limits')) {
      const value = priceOption(termsOf(row), row.number('sigma'))
      expect(Object.values(value).every(Number.isFinite)).toBe(true)
      worst.compare(value.price, row.number('price'), `${row.text('type')} ${row.text('K')}`)
    }
    worst.assertWithin(1e-12)
  })
})
