import { describe, expect, test } from '@jest/globals'
import { computeFactors } from '../../src/factors/compute-factors.ts'
import type { ReturnPanel } from '../../src/returns/panel.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { combine, randomColumns } from '../regression/random-columns.ts'
import { factor } from './definitions.ts'
import { returnPanel, without } from './return-world.ts'

const SESSIONS = 220
const PROXIES = ['SPY', 'MTUM', 'VTV', 'VUG', 'IWM', 'QUAL', 'USMV']
const DEFINITIONS = [
  factor('ols_market', 'SPY'),
  ...PROXIES.slice(1).map((proxy) => factor('ridge_regression', proxy)),
  factor('spread_regression', 'VUG-VTV', { windowDays: 180, minObservations: 60 }),
]

/** Thirty symbols: some complete, some sharing a pattern of gaps, some with gaps of their own. */
function world(): Record<string, Float64Array> {
  const columns = randomColumns(31, PROXIES.length, SESSIONS)
  const proxies = Object.fromEntries(
    PROXIES.map((name, i) => [name, columns[i] ?? new Float64Array()]),
  )
  proxies['QUAL'] = without(proxies['QUAL'] ?? new Float64Array(), [SESSIONS - 12])
  const noise = randomColumns(32, 30, SESSIONS)
  const stocks = noise.map((own, i): [string, Float64Array] => {
    const returns = combine([...columns, own], [...columns.map((_, j) => Math.cos(i + j)), 1])
    const gaps = i % 3 === 0 ? [] : i % 3 === 1 ? [SESSIONS - 5, SESSIONS - 60] : [SESSIONS - 2 * i]
    return [`S${i}`, without(returns, gaps)]
  })
  return { ...proxies, ...Object.fromEntries(stocks) }
}

/** Everything that is stored of a symbol, by factor. */
function stored(returns: ReturnPanel, sessionIndex: number, symbols = returns.symbols) {
  const result = computeFactors({
    returns,
    sessionIndex,
    definitions: DEFINITIONS,
    providerBetas: new Map(),
    symbols,
  })
  return new Map(
    result.symbols.map((symbol, i) => [
      symbol,
      result.estimates.map(({ beta, stdError, tStat, rSquared, observations, quality }) => [
        beta[i],
        stdError[i],
        tStat[i],
        rSquared[i],
        observations[i],
        quality[i],
      ]),
    ]),
  )
}

/** The sessions `from`..`to` of a panel. */
function slice({ sessions, symbols, values }: ReturnPanel, from: number, to: number): ReturnPanel {
  const rows = symbols.map((_, row) =>
    values.subarray(row * sessions.length + from, row * sessions.length + to + 1),
  )
  return {
    sessions: sessions.slice(from, to + 1),
    symbols,
    values: Float64Array.from(rows.flatMap((row) => [...row])),
  }
}

describe('the numbers of a symbol are the same bits', () => {
  const returns = world()
  const panel = returnPanel(returns)
  const expected = stored(panel, SESSIONS - 1)

  test('in any order of symbols', () => {
    const reversed = returnPanel(Object.fromEntries(Object.entries(returns).reverse()))
    const actual = stored(reversed, SESSIONS - 1)
    for (const symbol of panel.symbols) expect(actual.get(symbol)).toEqual(expected.get(symbol))
  })

  test('alone with the proxies and among others', () => {
    for (const symbol of ['S0', 'S1', 'S2', 'S4', 'S29'] as string[] as Ticker[]) {
      const few = Object.fromEntries(
        [...PROXIES, symbol].map((name) => [name, returns[name] ?? new Float64Array()]),
      )
      expect(stored(returnPanel(few), SESSIONS - 1, [symbol])).toEqual(
        new Map([[symbol, expected.get(symbol)]]),
      )
    }
  })

  test('from a panel that starts later or goes on after the date', () => {
    const date = SESSIONS - 20
    const daily = stored(slice(panel, date - 180, date), 180)
    const chunk = stored(panel, date)
    const between = stored(slice(panel, 3, date + 7), date - 3)
    expect(daily).toEqual(chunk)
    expect(between).toEqual(chunk)
    expect(chunk).not.toEqual(expected)
  })
})
