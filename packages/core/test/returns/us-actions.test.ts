import { beforeAll, expect, test } from '@jest/globals'
import { totalReturns } from '../../src/returns/total-returns.ts'
import { describeWithShared, sharedFile } from '../harness/shared-data.ts'
import { readBars, readGzippedRows } from './read-bars.ts'

describeWithShared('total returns of AAPL, USO, SPY and others, 2012 to 2021', () => {
  /**
   * The provider's adjusted close shrinks earlier prices by 1 − D ÷ P₀, so its return on an ex-date is
   * P₁ ÷ (P₀ − D) − 1 where ours is (P₁ + D) ÷ P₀ − 1. The difference is exactly D(P₁ − P₀ + D) ÷ (P₀(P₀ − D)),
   * prices before a split taken on the new share basis.
   */
  function compare() {
    const panel = readBars(sharedFile('data/us-actions/bars.csv.gz'))
    const { values } = totalReturns(panel)
    const width = panel.sessions.length
    const adjusted = new Float64Array(panel.close.length).fill(NaN)
    for (const row of readGzippedRows(sharedFile('data/us-actions/adjusted-closes.csv.gz'))) {
      const symbol = panel.symbols.findIndex((name) => name === row['symbol'])
      const session = panel.sessions.findIndex((date) => date === row['date'])
      adjusted[symbol * width + session] = Number(row['adj_close'])
    }
    const eventAt = new Map(
      panel.events.map((event) => [event.symbolIndex * width + event.sessionIndex, event]),
    )
    return [...values.keys()]
      .filter((i) => !Number.isNaN(values[i]))
      .map((i) => {
        const { dividend, splitRatio } = eventAt.get(i) ?? { dividend: 0, splitRatio: 1 }
        const before = (panel.close[i - 1] ?? NaN) / splitRatio
        const after = panel.close[i] ?? NaN
        const convention = (dividend * (after - before + dividend)) / (before * (before - dividend))
        const theirs = (adjusted[i] ?? NaN) / (adjusted[i - 1] ?? NaN) - 1
        const day = `${panel.symbols[Math.floor(i / width)] ?? ''} ${panel.sessions[i % width] ?? ''}`
        return { day, dividend, splitRatio, convention, gap: theirs - (values[i] ?? NaN) }
      })
  }
  let days: ReturnType<typeof compare> = []
  beforeAll(() => {
    days = compare()
  })

  test('agree with the adjusted closes but for rounding on every day without a dividend, splits included', () => {
    const plain = days.filter(({ dividend }) => dividend === 0)
    expect(plain.length).toBeGreaterThan(18_000)
    expect(plain.filter(({ splitRatio }) => splitRatio !== 1)).toHaveLength(3)
    expect(Math.max(...plain.map(({ gap }) => Math.abs(gap)))).toBeLessThan(1e-8)
  })

  test('differ on ex-dates by what the convention says and nothing else', () => {
    const exDates = days.filter(({ dividend }) => dividend !== 0)
    expect(exDates).toHaveLength(240)
    const unexplained = exDates.map(({ gap, convention }) => Math.abs(gap - convention))
    expect(Math.max(...unexplained)).toBeLessThan(1e-9)
  })

  test('differ by more than 3e-4 only where a large dividend met a large move', () => {
    const large = days.filter(({ gap }) => Math.abs(gap) > 3e-4)
    expect(large.map(({ day }) => day).sort()).toEqual([
      'BAC 2020-03-05',
      'EEM 2012-06-21',
      'EEM 2014-12-17',
      'IBM 2018-02-08',
      'IBM 2020-11-09',
    ])
    expect(Math.max(...large.map(({ gap }) => Math.abs(gap)))).toBeLessThan(4.5e-4)
  })
})
