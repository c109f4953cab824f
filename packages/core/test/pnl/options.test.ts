import { describe, expect, test } from '@jest/globals'
import type { IsoDate, SessionDate } from '../../src/calendar/iso-date.ts'
import {
  contractOn,
  formatMicros,
  settleExpiry,
  type Lot,
  type PriceSource,
} from '../../src/pnl/index.ts'
import { adjustContract } from '../../src/pnl/options/adjust-contract.ts'
import { contractSymbol } from '../../src/pnl/options/contract-symbol.ts'
import { fraction } from '../../src/pnl/exact/fraction.ts'
import { parseOcc } from '../../src/symbols/occ.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { lot, lotOn, market, recordFrom, snapshots, type LotText } from './world.ts'

const record = recordFrom('2024-01-16', '50000')
const date = (text: string) => text as IsoDate

/** Contracts on ACME that expire on Friday 19 January 2024 (or as their symbol says). */
function option(text: Partial<LotText> & { quantity: string }): Lot {
  return lot({
    symbol: 'ACME240119C00150000',
    class: 'OPTIONS',
    underlying: 'ACME',
    entry: '4.2',
    on: '2024-01-10',
    ...text,
  })
}

function withExpiry(of: Lot, asOf: string, prices: PriceSource): Lot {
  const settlement = settleExpiry(of, asOf as SessionDate, prices)
  if (settlement.state !== 'settled') throw new Error(`the option is ${settlement.state}`)
  return { ...of, events: [...of.events, settlement.event] }
}

function settledAt(of: Lot, asOf: string, prices: PriceSource) {
  const settlement = settleExpiry(of, asOf as SessionDate, prices)
  if (settlement.state !== 'settled') return settlement.state
  const { event, priced } = settlement
  return [
    event.tradeDate,
    formatMicros(event.quantityClosed),
    formatMicros(event.exitPrice),
    priced,
  ]
}

describe('an option', () => {
  test('is worth a hundred times its price per contract', () => {
    const prices = market({ ACME240119C00150000: { closes: { '2024-01-16': 3.1 } } })
    expect(
      lotOn(option({ quantity: '3', entry: '2.45' }), prices, { record, date: '2024-01-16' }),
    ).toMatchObject({
      marketValue: '930.00',
      unrealizedPnl: '195.00',
      isAdjustedContract: false,
    })
  })

  test('receives no dividend', () => {
    const prices = market({
      ACME: { closes: { '2024-01-17': 150 }, dividends: { '2024-01-17': '1' } },
      ACME240119C00150000: { closes: { '2024-01-16': 3 }, dividends: { '2024-01-17': '1' } },
    })
    const facts = { record, lots: [option({ quantity: '3' })] }
    expect(snapshots(facts, prices, ['2024-01-16', '2024-01-17'])[1]).toMatchObject({
      cumulativeDividends: '0.00',
      dailyPnl: '0.00',
    })
  })
})

describe('a short call through its expiry', () => {
  const prices = market({
    ACME: {
      closes: {
        '2024-01-16': 151,
        '2024-01-17': 152,
        '2024-01-18': 155,
        '2024-01-19': 157.25,
        '2024-01-22': 160,
      },
    },
    ACME240119C00150000: { closes: { '2024-01-16': 4, '2024-01-17': 3.9, '2024-01-18': 5.4 } },
  })
  const short = option({ quantity: '-2', entry: '6' })

  test('is closed at intrinsic value on the expiration session, and nothing is left the next day', () => {
    const settled = withExpiry(short, '2024-01-19', prices)
    const dates = ['2024-01-16', '2024-01-17', '2024-01-18', '2024-01-19', '2024-01-22']
    expect(snapshots({ record, lots: [settled] }, prices, dates)).toMatchObject([
      { shortValue: '-800.00', cashValue: '50800.00', dailyPnl: '0.00', numShortPositions: 1 },
      { shortValue: '-780.00', dailyPnl: '20.00' },
      { shortValue: '-1080.00', dailyPnl: '-300.00' },
      // Bought back at 7.25: from 5.40 a loss of 1.85 each; from entry at 6.00 one of 1.25 each.
      {
        shortValue: '0.00',
        dailyPnl: '-370.00',
        dailyRealizedPnl: '-250.00',
        numPositions: 0,
        equityBalance: '49350.00',
      },
      { numPositions: 0, dailyPnl: '0.00', cashValue: '49350.00', positionsStale: 0 },
    ])
  })

  test('is settled for what is open then, and alike when it is settled again', () => {
    const half = {
      ...short,
      events: option({ quantity: '-2', closed: [['2024-01-17', '1', '3.9']] }).events,
    }
    expect(settledAt(half, '2024-01-19', prices)).toEqual([
      '2024-01-19',
      '1.000000',
      '7.250000',
      'underlying_close',
    ])
    const settled = withExpiry(half, '2024-01-19', prices)
    expect(settledAt(settled, '2024-01-22', prices)).toEqual(settledAt(half, '2024-01-19', prices))
  })

  test('is not due before, nor when nothing is open', () => {
    const closed = {
      ...short,
      events: option({ quantity: '-2', closed: [['2024-01-17', '2', '3.9']] }).events,
    }
    expect(settledAt(short, '2024-01-18', prices)).toBe('not_due')
    expect(settledAt(closed, '2024-01-19', prices)).toBe('not_due')
    expect(
      settledAt(lot({ quantity: '1', entry: '1', on: '2024-01-02' }), '2024-01-19', prices),
    ).toBe('not_due')
  })

  test.each([
    ['ACME240119C00150000', '7.250000'],
    ['ACME240119C00160000', '0.000000'],
    ['ACME240119P00160000', '2.750000'],
    ['ACME240119P00150000', '0.000000'],
    ['ACME240119C00157250', '0.000000'],
  ])('of %s means an exit price of %s', (symbol, exitPrice) => {
    expect(settledAt(option({ symbol, quantity: '-2' }), '2024-01-19', prices)).toEqual([
      '2024-01-19',
      '2.000000',
      exitPrice,
      'underlying_close',
    ])
  })

  test('that expires on a day without trading is settled on the session before', () => {
    const saturday = option({ symbol: 'ACME240120C00150000', quantity: '1' })
    expect(settledAt(saturday, '2024-01-19', prices)).toMatchObject([
      '2024-01-19',
      '1.000000',
      '7.250000',
      'underlying_close',
    ])
  })
})

describe('an expired option whose underlying has no close yet', () => {
  const held = option({ quantity: '1' })
  const late = market({
    ACME: { closes: { '2024-01-18': 155, '2024-01-22': 160 } },
    ACME240119C00150000: { closes: { '2024-01-18': 5.5 } },
  })

  test('waits five sessions, valued by its last mark', () => {
    expect(settledAt(held, '2024-01-19', late)).toBe('waiting')
    expect(settledAt(held, '2024-01-25', late)).toBe('waiting')
    expect(lotOn(held, late, { record, date: '2024-01-22' })).toMatchObject({
      isOpen: true,
      priceStatus: 'stale',
      marketValue: '550.00',
    })
  })

  test("is then settled on its expiration session by the underlying's last close, flagged", () => {
    expect(settledAt(held, '2024-01-26', late)).toEqual([
      '2024-01-19',
      '1.000000',
      '5.000000',
      'underlying_last_close',
    ])
  })

  test('is settled by its own last mark, or its entry price, when the underlying never had a close', () => {
    const unknown = market({ ACME240119C00150000: { closes: { '2024-01-18': 5.5 } } })
    expect(settledAt(held, '2024-01-26', unknown)).toEqual([
      '2024-01-19',
      '1.000000',
      '5.500000',
      'last_mark',
    ])
    expect(settledAt(held, '2024-01-26', market({}))).toEqual([
      '2024-01-19',
      '1.000000',
      '4.200000',
      'entry_price',
    ])
  })

  test('is settled anew by the close that came after all', () => {
    const guessed = withExpiry(held, '2024-01-26', late)
    const known = market({ ACME: { closes: { '2024-01-18': 155, '2024-01-19': 157 } } })
    expect(settledAt(guessed, '2024-01-29', known)).toEqual([
      '2024-01-19',
      '1.000000',
      '7.000000',
      'underlying_close',
    ])
  })
})

describe('a split of the underlying', () => {
  const symbol = 'ACME240119C00700000'
  const prices = market({
    ACME: {
      closes: { '2024-01-16': 714, '2024-01-17': 103, '2024-01-19': 105 },
      splits: { '2024-01-17': '7' },
    },
    ACME240119C00700000: { closes: { '2024-01-16': 21, '2024-01-17': 999 } },
    // That symbol was another contract before the split.
    ACME240119C00100000: { closes: { '2024-01-12': 600, '2024-01-18': 4 } },
  })
  const held = option({ symbol, quantity: '2', entry: '14' })

  test('turns a contract into seven of a seventh of the strike under a new symbol', () => {
    expect(contractOn(held, date('2024-01-16'), prices)).toMatchObject({
      symbol,
      isAdjusted: false,
    })
    expect(contractOn(held, date('2024-01-17'), prices)).toMatchObject({
      symbol: 'ACME240119C00100000',
      isAdjusted: false,
      contract: { strike: '100' },
    })
    const [before, onExDate, later] = snapshots({ record, lots: [held] }, prices, [
      '2024-01-16',
      '2024-01-17',
      '2024-01-18',
    ])
    expect(before).toMatchObject({ netExposure: '4200.00', unrealizedPnl: '1400.00' })
    // No close of the new contract yet: the old one's, restated; the old symbol is not this lot's any more.
    expect(onExDate).toMatchObject({ netExposure: '4200.00', dailyPnl: '0.00', positionsStale: 1 })
    expect(later).toMatchObject({ netExposure: '5600.00', dailyPnl: '1400.00', positionsStale: 0 })
    expect(lotOn(held, prices, { record, date: '2024-01-18' })).toMatchObject({
      openQuantity: '14.000000',
      lastPrice: '4.000000',
    })
  })

  test('leaves an expiry of as many contracts at the new strike', () => {
    expect(settledAt(held, '2024-01-19', prices)).toEqual([
      '2024-01-19',
      '14.000000',
      '5.000000',
      'underlying_close',
    ])
  })

  test('was before a lot that is entered today in the new contract', () => {
    const today = option({
      symbol: 'ACME240119C00100000',
      quantity: '14',
      entry: '2',
      basis: '2024-01-18',
    })
    expect(contractOn(today, date('2024-01-16'), prices).symbol).toBe(symbol)
    expect(lotOn(today, prices, { record, date: '2024-01-16' })).toMatchObject({
      openQuantity: '2.000000',
      marketValue: '4200.00',
      unrealizedPnl: '1400.00',
      recognition: ['2024-01-16', '21.000000'],
    })
  })

  test('that leaves no whole contracts flags the lot, which keeps its last mark', () => {
    const odd = market({
      ACME: { closes: { '2024-01-16': 714, '2024-01-19': 500 }, splits: { '2024-01-17': '1.5' } },
      ACME240119C00700000: { closes: { '2024-01-16': 21, '2024-01-17': 2 } },
    })
    expect(lotOn(held, odd, { record, date: '2024-01-16' })).toMatchObject({
      isAdjustedContract: false,
    })
    expect(lotOn(held, odd, { record, date: '2024-01-18' })).toMatchObject({
      isAdjustedContract: true,
      openQuantity: '2.000000',
      lastPrice: '21.000000',
      priceStatus: 'stale',
      marketValue: '4200.00',
    })
    // A contract now delivers 150 shares for the old price: 150 · 500 − 100 · 700 = 5,000 = 100 · 50.
    expect(settledAt(held, '2024-01-19', odd)).toEqual([
      '2024-01-19',
      '2.000000',
      '50.000000',
      'underlying_close',
    ])
  })

  test('before entry that left no whole contracts hides what the lot was then', () => {
    const odd = market({
      ACME: { closes: { '2024-01-16': 714 }, splits: { '2024-01-17': '1.5' } },
      ACME240119C00700000: { closes: { '2024-01-16': 21, '2024-01-17': 2 } },
    })
    const today = option({ symbol, quantity: '3', entry: '14', basis: '2024-01-18' })
    expect(contractOn(today, date('2024-01-16'), odd)).toEqual({
      symbol: null,
      contract: null,
      isAdjusted: false,
    })
    expect(lotOn(today, odd, { record, date: '2024-01-16' })).toMatchObject({
      openQuantity: '3.000000',
      lastPrice: '14.000000',
      priceStatus: 'missing',
    })
  })

  test('lets the first close of the contract of each day be the recognition price', () => {
    const quiet = market({
      ACME: { splits: { '2024-01-17': '7' } },
      // Neither is the lot's: the old symbol after the split, the new one before it.
      ACME240119C00700000: { closes: { '2024-01-17': 999 } },
      ACME240119C00100000: { closes: { '2024-01-12': 600, '2024-01-18': 4 } },
    })
    const early = recordFrom('2024-01-11')
    expect(lotOn(held, quiet, { record: early, date: '2024-01-17' }).recognition).toBeNull()
    expect(lotOn(held, quiet, { record: early, date: '2024-01-18' }).recognition).toEqual([
      '2024-01-18',
      '4.000000',
    ])
  })

  test('restates the last mark that settles a contract whose underlying has no closes', () => {
    const quiet = market({
      ACME: { splits: { '2024-01-17': '7' } },
      ACME240119C00700000: { closes: { '2024-01-16': 21 } },
    })
    expect(settledAt(held, '2024-01-26', quiet)).toEqual([
      '2024-01-19',
      '14.000000',
      '3.000000',
      'last_mark',
    ])
  })

  test("after expiry is none of the contract's", () => {
    const after = market({
      ACME: { closes: { '2024-01-19': 710 }, splits: { '2024-01-22': '7' } },
      ACME240119C00700000: { closes: { '2024-01-18': 21 } },
    })
    expect(lotOn(held, after, { record, date: '2024-01-22' })).toMatchObject({
      openQuantity: '2.000000',
    })
    expect(settledAt(held, '2024-01-22', after)).toEqual([
      '2024-01-19',
      '2.000000',
      '10.000000',
      'underlying_close',
    ])
  })
})

describe('the contract after a split', () => {
  test.each([
    ['AAPL140719C00645000', 7n, 'AAPL140719C00092140'],
    ['AAPL140719P00600000', 7n, 'AAPL140719P00085710'],
    ['NVDA210917C00750000', 4n, 'NVDA210917C00187500'],
    ['X240119C00012500', 2n, 'X240119C00006250'],
  ])('of %s by %i for one is %s: its strike is rounded to the cent', (before, k, after) => {
    const contract = parseOcc(before as Ticker)
    const adjusted = contract && adjustContract(contract, fraction(k, 1n))
    expect(adjusted && contractSymbol(adjusted)).toBe(after)
  })

  test.each([
    [3n, 2n],
    [1n, 8n],
  ])('does not exist for %i:%i', (n, d) => {
    const contract = parseOcc('AAPL140719C00645000' as Ticker)
    expect(contract && adjustContract(contract, fraction(n, d))).toBeNull()
  })
})
