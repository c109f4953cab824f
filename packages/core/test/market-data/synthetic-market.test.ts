import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { Matrix, inverse } from 'ml-matrix'
import { sessionsBetween } from '../../src/calendar/index.ts'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import type { DailyBar } from '../../src/market-data/bar.ts'
import {
  createSyntheticMarket,
  type SyntheticMarket,
} from '../../src/market-data/providers/synthetic/create-synthetic-market.ts'
import { RandomStream } from '../../src/market-data/providers/synthetic/random-stream.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { validate } from './bars.ts'
import { barsOf, collect, request } from './fetching.ts'

const PROXIES = ['SPY', 'TLT', 'MTUM', 'VTV', 'VUG', 'IWM', 'QUAL', 'USMV']

async function history(
  market: SyntheticMarket,
  from = '2015-01-01',
  to = '2030-12-31',
): Promise<ReadonlyMap<string, readonly DailyBar[]>> {
  const requests = market.symbols.map((symbol) => request(symbol, from, to))
  const outcomes = await collect(market, requests)
  return new Map(outcomes.map((outcome) => [outcome.symbol, outcome.ok ? outcome.bars : []]))
}

/** Total returns by date. */
function returnsOf(bars: readonly DailyBar[]): ReadonlyMap<string, number> {
  const returns = new Map<string, number>()
  for (const [i, bar] of bars.entries()) {
    const previous = bars[i - 1]?.close
    if (typeof previous !== 'number' || bar.close === null) continue
    returns.set(
      bar.date,
      ((bar.close + Number(bar.dividend)) * Number(bar.splitRatio)) / previous - 1,
    )
  }
  return returns
}

/** Least squares with intercept: slopes and their standard errors. */
function regress(y: readonly number[], columns: readonly (readonly number[])[]) {
  const centred = [y, ...columns].map((values) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    return values.map((value) => value - mean)
  })
  const products = centred.map((a) =>
    centred.map((b) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)),
  )
  const k = columns.length
  const covariance = inverse(new Matrix(products).subMatrix(1, k, 1, k))
  const xy = Matrix.columnVector((products[0] ?? []).slice(1))
  const slopes = covariance.mmul(xy)
  const unexplained = Math.max(0, (products[0]?.[0] ?? 0) - slopes.dot(xy))
  const variance = unexplained / (y.length - k - 1)
  return columns.map((_, j) => ({
    beta: slopes.get(j, 0),
    error: Math.sqrt(variance * covariance.get(j, j)),
  }))
}

/** Each factor's regressors: proxies, or the difference of two. */
const REGRESSIONS: readonly {
  names: string[]
  regressors: (readonly [string, string | null])[]
}[] = [
  { names: ['Market Beta (90D)'], regressors: [['SPY', null]] },
  { names: ['IR Beta'], regressors: [['TLT', null]] },
  {
    names: ['Momentum', 'Value', 'Growth', 'Size', 'Quality', 'Low Volatility'],
    regressors: [
      ['MTUM', null],
      ['VTV', null],
      ['VUG', null],
      ['IWM', null],
      ['QUAL', null],
      ['USMV', null],
    ],
  },
  { names: ['Growth-Value Spread'], regressors: [['VUG', 'VTV']] },
  { names: ['Momentum Spread'], regressors: [['MTUM', 'SPY']] },
  { names: ['Size Spread'], regressors: [['IWM', 'SPY']] },
  { names: ['Quality Spread'], regressors: [['QUAL', 'SPY']] },
]

describe('the true betas', () => {
  test('are what regressions over sixteen years find, within their sampling error', async () => {
    const market = createSyntheticMarket({ seed: 20 })
    const returns = new Map(
      [...(await history(market))].map(([name, bars]) => [name, returnsOf(bars)]),
    )
    const misses: string[] = []
    let squares = 0
    let count = 0
    for (const symbol of market.symbols) {
      const own = [...(returns.get(symbol) ?? [])]
      const truth = market.trueBetas(symbol)
      for (const { names, regressors } of REGRESSIONS) {
        const columns = regressors.map(([long, short]) =>
          own.map(([date]) => {
            const minus = short === null ? 0 : returns.get(short)?.get(date)
            return Number(returns.get(long)?.get(date)) - Number(minus)
          }),
        )
        const fits = regress(
          own.map(([, value]) => value),
          columns,
        )
        for (const [k, { beta, error }] of fits.entries()) {
          const distance = Math.abs(beta - Number(truth?.get(names[k] ?? '')))
          // Rounded prices move the betas of a proxy on itself, which have no sampling error.
          if (!(distance <= 4.5 * error + 1e-4))
            misses.push(`${symbol} ${names[k] ?? ''} ${distance}`)
          if (error < 1e-4) continue
          squares += (distance / error) ** 2
          count++
        }
      }
    }
    expect(misses).toEqual([])
    expect(count).toBeGreaterThan(500)
    expect(squares / count).toBeGreaterThan(0.6)
    expect(squares / count).toBeLessThan(1.5)
  })

  test('of a style proxy are one on itself and zero on the other styles', () => {
    const betas = createSyntheticMarket({ seed: 1 }).trueBetas('VUG' as Ticker)
    expect(betas?.get('Growth')).toBeCloseTo(1, 12)
    for (const name of ['Momentum', 'Value', 'Size', 'Quality', 'Low Volatility']) {
      expect(betas?.get(name)).toBeCloseTo(0, 12)
    }
  })

  test('of a stock are the hundredths it was built from, and its market beta follows from them', () => {
    const market = createSyntheticMarket({ seed: 1, extraSymbols: 20 })
    const gamma = {
      Momentum: 1.05,
      Value: 0.9,
      Growth: 1.1,
      Size: 1.15,
      Quality: 0.98,
      'Low Volatility': 0.7,
    }
    for (const symbol of market.symbols.slice(PROXIES.length)) {
      const betas = market.trueBetas(symbol)
      let sum = 0
      for (const [name, loading] of Object.entries(gamma)) {
        const beta = Number(betas?.get(name))
        expect(100 * beta).toBeCloseTo(Math.round(100 * beta), 8)
        sum += beta * loading
      }
      expect(betas?.get('Market Beta (90D)')).toBeCloseTo(sum, 12)
    }
  })

  test('are not there for a symbol that the market does not have', () => {
    expect(createSyntheticMarket({ seed: 1 }).trueBetas('AAPL' as Ticker)).toBeNull()
  })
})

describe('the synthetic market', () => {
  test('is the same to the last byte everywhere, for one seed', async () => {
    const hash = createHash('sha256')
    const market = createSyntheticMarket({ seed: 1, extraSymbols: 10 })
    for (const [symbol, bars] of await history(market, '2015-01-01', '2025-12-31')) {
      hash.update(`${symbol} ${JSON.stringify(bars)}\n`)
    }
    expect(hash.digest('hex')).toBe(
      'cb60b5789795ad67508d7c2a7e205bd15210d8e4b5cacecc8ae1dbcb74f2ef9b',
    )
  })

  test('another seed is another market', async () => {
    const day = ['2024-01-02', '2024-01-02'] as const
    const one = await history(createSyntheticMarket({ seed: 1 }), ...day)
    const two = await history(createSyntheticMarket({ seed: 2 }), ...day)
    expect(one.get('SPY')).not.toEqual(two.get('SPY'))
  })

  test('has the proxies and some forty other symbols, and as many more as asked for', () => {
    const { symbols } = createSyntheticMarket({ seed: 1 })
    expect(symbols.slice(0, PROXIES.length)).toEqual(PROXIES)
    expect(symbols.length).toBeGreaterThanOrEqual(48)
    const more = createSyntheticMarket({ seed: 1, extraSymbols: 2 })
    expect(more.symbols).toEqual([...symbols, 'SYN00001', 'SYN00002'])
  })

  test('a bar does not depend on the range asked for, nor on other symbols', async () => {
    const whole = await history(createSyntheticMarket({ seed: 3 }))
    const market = createSyntheticMarket({ seed: 3, extraSymbols: 5 })
    const part = await collect(market, [request('LOOM', '2022-03-01', '2022-03-31')])
    const march = whole.get('LOOM')?.filter(({ date }) => date.startsWith('2022-03'))
    expect(march).toHaveLength(23)
    expect(barsOf(part, 'LOOM')).toEqual(march)
  })

  test('has a bar on every session, and every bar passes validation', async () => {
    const sessions = sessionsBetween('2015-01-01' as IsoDate, '2030-12-31' as IsoDate)
    const effectiveDate = sessions.at(-1)
    if (effectiveDate === undefined) throw new Error('no sessions')
    const market = createSyntheticMarket({ seed: 1 })
    for (const [symbol, bars] of await history(market)) {
      if (symbol !== 'INCH') expect(bars.map(({ date }) => date).join()).toBe(sessions.join())
      const { accepted, dropped, quarantined } = validate(bars, { effectiveDate })
      expect({ dropped, quarantined }).toEqual({ dropped: [], quarantined: [] })
      // Comparing texts: a deep comparison of 200,000 bars takes seconds.
      expect(JSON.stringify(accepted) === JSON.stringify(bars)).toBe(true)
      const unlikely = bars.filter(
        ({ open, high, low, close }) =>
          Number(high) < Math.max(Number(open), Number(close)) ||
          Number(low) > Math.min(Number(open), Number(close)),
      )
      expect(unlikely).toEqual([])
    }
  })

  test('splits one stock, splits another in reverse, and lists one late', async () => {
    const bars = await history(createSyntheticMarket({ seed: 1 }))
    const splits = [...bars].flatMap(([symbol, days]) =>
      days
        .filter(({ splitRatio }) => splitRatio !== 1)
        .map((day) => [symbol, day.date, day.splitRatio]),
    )
    expect(splits).toEqual([
      ['DYNA', '2026-06-08', 4],
      ['VOLE', '2026-03-02', 0.1],
    ])
    expect(bars.get('INCH')?.[0]?.date).toBe('2026-08-03')
  })

  test('pays dividends four times a year where it pays any', async () => {
    const bars = await history(createSyntheticMarket({ seed: 1 }), '2015-01-01', '2022-12-31')
    const paydays = (symbol: string) =>
      bars.get(symbol)?.filter(({ dividend }) => Number(dividend) > 0).length
    expect(paydays('SPY')).toBe(32)
    expect(paydays('BYTE')).toBe(0)
  })

  test('describes a stock by its sector and true beta, a fund as a fund, and nobody else', async () => {
    const market = createSyntheticMarket({ seed: 1 })
    const asked = ['ALTO', 'XALL', 'SPY', 'NOBODY'] as Ticker[]
    const { signal } = new AbortController()
    const said = await Array.fromAsync(market.profiles?.(asked, { signal }) ?? [])
    const of = Object.fromEntries(said.map((outcome) => [outcome.symbol, outcome]))
    const beta = market.trueBetas('ALTO' as Ticker)?.get('Market Beta (90D)')
    expect(of['ALTO']).toMatchObject({ value: { sector: 'Technology', isEtf: false, beta } })
    expect(of['XALL']).toMatchObject({ value: { sector: null, isEtf: true, dividendYield: 0.016 } })
    expect(of['SPY']).toMatchObject({ value: { isEtf: true, beta: 1 } })
    expect(of['NOBODY']).toMatchObject({ ok: false, reason: 'unknown_symbol' })
  })

  test('knows no other symbol and no other years', async () => {
    const market = createSyntheticMarket({ seed: 1 })
    const outcomes = await collect(market, [
      request('AAPL'),
      request('SPY', '2031-01-01', '2031-12-31'),
      request('SPY', '2014-01-01', '2014-12-31'),
      request('INCH', '2020-01-01', '2020-12-31'),
    ])
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.reason))).toEqual([
      'unknown_symbol',
      'no_bars',
      'no_bars',
      'no_bars',
    ])
  })
})

test('a random stream has mean 0 and variance 1, and its own sequence for every name', () => {
  const random = new RandomStream(7, 'a')
  const values = Array.from({ length: 100_000 }, () => random.normal())
  const mean = values.reduce((a, b) => a + b) / values.length
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length
  expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(values.length))
  expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length))
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(6)
  const other = new RandomStream(7, 'b')
  expect(values.slice(0, 20)).not.toEqual(Array.from({ length: 20 }, () => other.normal()))
})
