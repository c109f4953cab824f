import { describe, expect, test } from '@jest/globals'
import { sessionsBetween } from '../../src/calendar/index.ts'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import type { DailyBar } from '../../src/market-data/bar.ts'
import { createSyntheticMarket } from '../../src/market-data/providers/synthetic/create-synthetic-market.ts'
import { optionPrice } from '../../src/market-data/providers/synthetic/option-bars.ts'
import type { OptionContract } from '../../src/symbols/occ.ts'
import { validate } from './bars.ts'
import { barsOf, collect, request } from './fetching.ts'

const market = createSyntheticMarket({ seed: 1 })

async function closesOf(symbol: string, from?: string, to?: string) {
  const bars = barsOf(await collect(market, [request(symbol, from, to)]), symbol) ?? []
  return new Map(bars.map(({ date, close }) => [date, Number(close)]))
}

function contract(right: 'C' | 'P', strike: string): OptionContract {
  return { root: 'ALTO', expiration: '2026-06-19' as IsoDate, right, strike }
}

describe('an option of the synthetic market', () => {
  test('has a close on each session of the two years before it expires, and none after', async () => {
    const closes = await closesOf('ALTO260619C00100000')
    const sessions = sessionsBetween('2015-01-01' as IsoDate, '2026-06-18' as IsoDate)
    // 2026-06-19 is a holiday: the session before is the last one.
    expect([...closes.keys()]).toEqual(sessions.slice(-505))
  })

  test('is worth its intrinsic value on its last session, and at least a cent', async () => {
    const [date] = ['2026-06-18']
    const spot = (await closesOf('ALTO', date, date)).get(date as IsoDate) ?? 0
    const strike = Math.round(spot) - 7
    const symbol = (right: string, dollars: number) =>
      `ALTO260619${right}${String(dollars).padStart(5, '0')}000`
    const last = async (name: string) => (await closesOf(name, date, date)).get(date as IsoDate)
    expect(await last(symbol('C', strike))).toBeCloseTo(spot - strike, 2)
    expect(await last(symbol('P', strike))).toBe(0.01)
    expect(await last(symbol('P', strike + 20))).toBeCloseTo(strike + 20 - spot, 2)
  })

  test('of a stock with a point in its name has that name without it', async () => {
    expect((await closesOf('DALEB260619P00050000')).size).toBe(505)
  })

  test('does not exist before its stock is listed', async () => {
    const [first] = [...(await closesOf('INCH261218C00050000')).keys()]
    expect(first).toBe('2026-08-03')
  })

  test('is unknown on any other root and beyond the end of the market', async () => {
    const names = ['AAPL260619C00150000', 'ALTO320618C00100000', 'ALTO260619X00100000']
    const outcomes = await collect(
      market,
      names.map((name) => request(name)),
    )
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.reason))).toEqual(
      names.map(() => 'unknown_symbol'),
    )
  })

  test('has bars that all pass validation', async () => {
    const outcomes = await collect(market, [request('VOLE261218C00030000', '2024-01-01')])
    const bars: readonly DailyBar[] = barsOf(outcomes, 'VOLE261218C00030000') ?? []
    const effectiveDate = sessionsBetween('2030-12-01' as IsoDate, '2030-12-31' as IsoDate).at(-1)
    if (effectiveDate === undefined) throw new Error('no sessions')
    const { accepted, dropped } = validate(bars, { effectiveDate, checkMoves: false })
    expect({ accepted, dropped }).toEqual({ accepted: bars, dropped: [] })
  })
})

describe('the price of an option', () => {
  const world = { spot: 100, volatility: 0.3, years: 0.25 }

  test('is 0.4 standard deviations at the money', () => {
    expect(optionPrice(contract('C', '100'), world)).toBeCloseTo(6, 12)
    expect(optionPrice(contract('P', '100'), world)).toBeCloseTo(6, 12)
  })

  test('adds what is left of the time value to the intrinsic value', () => {
    // w = 15: half of its reach of 24 away from the strike a quarter of 6 is left.
    expect(optionPrice(contract('C', '88'), world)).toBeCloseTo(12 + 1.5, 12)
    expect(optionPrice(contract('C', '112'), world)).toBeCloseTo(1.5, 12)
    expect(optionPrice(contract('C', '130'), world)).toBe(0)
  })

  test('keeps put-call parity and never falls below intrinsic value', () => {
    for (let strike = 60; strike <= 140; strike++) {
      const call = optionPrice(contract('C', String(strike)), world)
      const put = optionPrice(contract('P', String(strike)), world)
      expect(call - put).toBeCloseTo(100 - strike, 12)
      expect(call).toBeGreaterThanOrEqual(Math.max(0, 100 - strike))
    }
  })

  test('rises by half of a small move of the stock at the money, from either side', () => {
    const at = (spot: number) => optionPrice(contract('C', '100'), { ...world, spot })
    const move = 1e-4
    // The width moves with the stock: its part of the slope is 0.4 σ√T.
    const slope = 0.5 + 0.4 * 0.15
    expect((at(100 + move) - at(100)) / move).toBeCloseTo(slope, 4)
    expect((at(100) - at(100 - move)) / move).toBeCloseTo(slope, 4)
  })
})
