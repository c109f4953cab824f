import { describe, expect, test } from '@jest/globals'
import { exposureBook, type ExposureLot } from '../../src/exposures/exposure-book.ts'
import { betas, book, exposuresOf, marketOf, option, privateLot, shares } from './exposure-world.ts'
import * as pnl from '../pnl/world.ts'

describe('the exposure of a portfolio', () => {
  test('worked example of docs/methods.md: two lots of one share, a short, a private and an unknown holding', () => {
    const of = book(
      '100000',
      shares('AAPL', '40000'),
      shares('AAPL', '20000'),
      shares('TSLA', '-30000'),
      shares('NEWCO', '5000'),
      privateLot('25000'),
    )
    const row = marketOf(of, { AAPL: [1.2, 0.1], TSLA: [2, 0.25] })
    expect(row.dollars).toBe('12000.00')
    expect(row.value).toBeCloseTo(0.12, 12)
    expect(row.stdError).toBeCloseTo(0.096047, 6)
    expect(row.coveragePct).toBeCloseTo(94.7368, 4)
  })

  test('all of equity in a share that moves 1.5 times the market has a beta of 1.5', () => {
    expect(marketOf(book('50000', shares('XYZ', '50000')), { XYZ: [1.5, 0] })).toEqual({
      dollars: '75000.00',
      value: 1.5,
      stdError: 0,
      coveragePct: 100,
    })
  })

  test('a long and a short of the same value cancel, in exposure and in uncertainty', () => {
    const of = book('10000', shares('XYZ', '7000.01'), shares('XYZ', '-7000.01'))
    expect(marketOf(of, { XYZ: [1.3, 0.2] })).toEqual({
      dollars: '0.00',
      value: 0,
      stdError: 0,
      coveragePct: 100,
    })
  })

  test('a short counts negative, and its uncertainty like that of a long', () => {
    const long = marketOf(book('10000', shares('XYZ', '5000')), { XYZ: [1.2, 0.1] })
    const short = marketOf(book('10000', shares('XYZ', '-5000')), { XYZ: [1.2, 0.1] })
    expect([long.value, short.value]).toEqual([0.6, -0.6])
    expect([long.dollars, short.dollars]).toEqual(['6000.00', '-6000.00'])
    expect(short.stdError).toBe(long.stdError)
  })

  test('weights add up to leverage: twice the equity in the market itself is a beta of 2', () => {
    const of = book('10000', shares('AAA', '15000'), shares('BBB', '5000'))
    expect(marketOf(of, { AAA: [1, 0.3], BBB: [1, 0.4] })).toEqual({
      dollars: '20000.00',
      value: 2,
      // √((1.5 · 0.3)² + (0.5 · 0.4)²)
      stdError: expect.closeTo(Math.sqrt(0.2425), 12),
      coveragePct: 100,
    })
  })

  test('PRIVATE holdings dilute the beta through equity and do not touch coverage', () => {
    const listed = book('10000', shares('XYZ', '10000'))
    const diluted = book('40000', shares('XYZ', '10000'), privateLot('30000'))
    expect(marketOf(listed, { XYZ: [1.2, 0.1] }).value).toBe(1.2)
    expect(marketOf(diluted, { XYZ: [1.2, 0.1] })).toMatchObject({ value: 0.3, coveragePct: 100 })
  })

  test('a PRIVATE holding spelt like a listed share has nothing of its beta', () => {
    const lot = { ...privateLot('30000'), symbol: shares('XYZ', '1').symbol }
    const of = book('40000', shares('XYZ', '10000'), lot)
    expect(marketOf(of, { XYZ: [1.2, 0.1] }).dollars).toBe('12000.00')
  })

  test('without positive equity dollars and coverage stay, ratios have no value', () => {
    for (const equity of ['0', '-5000']) {
      expect(marketOf(book(equity, shares('XYZ', '10000')), { XYZ: [1.2, 0.1] })).toEqual({
        dollars: '12000.00',
        value: null,
        stdError: null,
        coveragePct: 100,
      })
    }
  })

  test('dollars are rounded to cents half away from zero', () => {
    const half = (value: string) => marketOf(book('100', shares('XYZ', value)), { XYZ: [1.5, 0] })
    expect(half('0.03').dollars).toBe('0.05')
    expect(half('-0.03').dollars).toBe('-0.05')
  })
})

describe('what is missing', () => {
  test('a share without a beta contributes nothing and lowers coverage by its absolute value', () => {
    const of = book('10000', shares('OLD', '6000'), shares('NEW', '-2000'))
    expect(marketOf(of, { OLD: [1, 0.1] })).toMatchObject({ dollars: '6000.00', coveragePct: 75 })
  })

  test('coverage is per factor, and a factor nobody has a beta of has no row', () => {
    const known = betas(['market', 'value', 'size'], {
      AAA: { market: [1, 0.1], value: [0.5, 0.1] },
      BBB: { market: [1, 0.1] },
    })
    const { rows } = exposuresOf(book('10000', shares('AAA', '4000'), shares('BBB', '6000')), known)
    expect(Object.keys(rows)).toEqual(['market', 'value'])
    expect(rows['market']?.coveragePct).toBe(100)
    expect(rows['value']?.coveragePct).toBe(40)
  })

  test('a lot whose mark is missing is kept out and lowers coverage, a stale one counts', () => {
    const lost = shares('XYZ', '2000', { priceStatus: 'missing' })
    const stale = shares('XYZ', '6000', { priceStatus: 'stale' })
    const result = exposuresOf(
      book('10000', lost, stale),
      betas(['market'], { XYZ: { market: [1, 0.1] } }),
    )
    expect(result.rows['market']).toMatchObject({ dollars: '6000.00', coveragePct: 75 })
    expect(result.lotsWithoutMark).toBe(1)
  })

  test('one symbol held without a standard error leaves the portfolio without one', () => {
    const of = book('10000', shares('AAA', '5000'), shares('BBB', '5000'))
    expect(marketOf(of, { AAA: [1, 0.1], BBB: [1] })).toMatchObject({ value: 1, stdError: null })
  })

  test('a standard error is not needed of a symbol whose lots cancel', () => {
    const of = book('10000', shares('AAA', '5000'), shares('BBB', '300'), shares('BBB', '-300'))
    expect(marketOf(of, { AAA: [1, 0.1], BBB: [1] }).stdError).toBe(0.05)
  })
})

describe('options', () => {
  const known = betas(['market'], { XYZ: { market: [1.5, 0.2] } })

  test('move by their delta dollars and the beta of their underlying', () => {
    const call = exposuresOf(book('10000', option('XYZ', '500', 8_000)), known)
    expect(call.rows['market']).toEqual({
      dollars: '12000.00',
      value: 1.2,
      stdError: expect.closeTo(0.16, 12),
      coveragePct: 100,
    })
    const put = exposuresOf(book('10000', option('XYZ', '500', -8_000)), known)
    expect(put.rows['market']?.dollars).toBe('-12000.00')
  })

  test('hedge shares of their underlying, uncertainty included', () => {
    const of = book('10000', shares('XYZ', '8000'), option('XYZ', '500', -8_000))
    expect(exposuresOf(of, known).rows['market']).toEqual({
      dollars: '0.00',
      value: 0,
      stdError: 0,
      coveragePct: 100,
    })
  })

  test('without Greeks have no exposure, are counted, and lower coverage by what they cost', () => {
    const result = exposuresOf(
      book('10000', shares('XYZ', '1500'), option('XYZ', '500', null)),
      known,
    )
    expect(result.rows['market']).toMatchObject({ dollars: '2250.00', coveragePct: 75 })
    expect(result.lotsWithoutGreeks).toBe(1)
  })

  test('worth nothing but with a delta still have dollars, and no value to cover', () => {
    const result = exposuresOf(book('10000', option('XYZ', '0', -200)), known)
    expect(result.rows['market']).toMatchObject({ dollars: '-300.00', coveragePct: null })
  })
})

describe('a portfolio without any exposure says why', () => {
  const known = betas(['market'], { XYZ: { market: [1.5, 0.2] } })
  const lost = shares('XYZ', '2000', { priceStatus: 'missing' })
  test.each([
    ['no_active_positions', book('10000')],
    ['no_public_positions', book('10000', privateLot('10000'))],
    ['no_greeks', book('10000', option('XYZ', '500', null), privateLot('9500'))],
    ['no_price_data', book('10000', lost)],
    ['no_factor_exposures', book('10000', shares('NEW', '5000'), option('XYZ', '500', null))],
  ])('%s', (reason, of) => {
    expect(exposuresOf(of, known)).toMatchObject({ rows: {}, reason })
  })

  test('and one with some does not', () => {
    expect(exposuresOf(book('1', lost, shares('XYZ', '1')), known).reason).toBeNull()
  })
})

describe('the lots that count', () => {
  test('are those open on the date, at their value then', () => {
    const facts = pnl.book({
      record: pnl.recordFrom('2024-01-02', '10000'),
      lots: [
        pnl.lot({ id: 'held', quantity: '100', entry: '10', on: '2024-01-02' }),
        pnl.lot({
          id: 'sold',
          quantity: '50',
          entry: '10',
          on: '2024-01-02',
          closed: [['2024-01-03', '50', '11']],
        }),
        pnl.lot({ id: 'later', quantity: '1', entry: '10', on: '2024-01-04' }),
        pnl.lot({
          id: 'call',
          symbol: 'ACME240119C00010000',
          class: 'OPTIONS',
          underlying: 'ACME',
          quantity: '-2',
          entry: '1',
          on: '2024-01-02',
        }),
      ],
    })
    const prices = pnl.market({
      ACME: { closes: { '2024-01-02': 10, '2024-01-03': 11 } },
      ACME240119C00010000: { closes: { '2024-01-02': 1, '2024-01-03': 1.5 } },
    })
    const [value] = pnl.valuesOn(facts, prices, ['2024-01-02', '2024-01-03']).slice(-1)
    if (value === undefined) throw new Error('no value')
    // Equity: 10,000 + 100 · 1 + 50 · 1 − 200 · 0.5.
    expect(exposureBook(facts, value, new Map([['call', -1_300]]))).toMatchObject(
      book('10050', shares('ACME', '1100'), {
        ...option('ACME', '-300', -1_300),
        symbol: 'ACME240119C00010000',
      } as ExposureLot),
    )
  })
})
