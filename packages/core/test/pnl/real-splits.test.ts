import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { describeWithShared, sharedFile } from '../harness/shared-data.ts'
import { lot, market, recordFrom, snapshots } from './world.ts'

interface Day {
  readonly date: string
  readonly close: string
  readonly dividend: string
  readonly split: string
}

function historyOf(symbol: string): readonly Day[] {
  const text = gunzipSync(readFileSync(sharedFile('data/us-actions/bars.csv.gz'))).toString()
  return text
    .split('\n')
    .map((line) => line.split(','))
    .filter((cells) => cells[1] === symbol)
    .map(([date = '', , , , , close = '', , dividend = '', split = '']) => ({
      date,
      close,
      dividend,
      split,
    }))
}

const pricesOf = (symbol: string, days: readonly Day[]) =>
  market({
    [symbol]: {
      closes: Object.fromEntries(days.map(({ date, close }) => [date, Number(close)])),
      splits: Object.fromEntries(
        days.filter(({ split }) => Number(split) !== 1).map(({ date, split }) => [date, split]),
      ),
      dividends: Object.fromEntries(
        days
          .filter(({ dividend }) => Number(dividend) !== 0)
          .map(({ date, dividend }) => [date, dividend]),
      ),
    },
  })

/** What an owner counts: shares multiply at a split, dividends are cash, in millionths of a dollar. */
function ownersGain(days: readonly Day[], shares: bigint): bigint {
  const micros = (decimal: string) => BigInt(Math.round(Number(decimal) * 1e6))
  const [first, ...later] = days
  let held = shares * 1000n
  let cash = 0n
  for (const { dividend, split } of later) {
    held = (held * BigInt(Number(split) * 1000)) / 1000n
    cash += held * micros(dividend)
  }
  const end = held * micros(days.at(-1)?.close ?? '')
  return (end - shares * 1000n * micros(first?.close ?? '') + cash) / 1000n
}

describeWithShared('a book held through real splits and dividends', () => {
  test.each([
    { symbol: 'AAPL', shares: 100n, splits: 2 },
    { symbol: 'AAPL', shares: -100n, splits: 2 },
    { symbol: 'USO', shares: 800n, splits: 1 },
  ])(
    'gains what its owner counts: $shares $symbol through $splits',
    ({ symbol, shares, splits }) => {
      const days = historyOf(symbol)
      expect(days.filter(({ split }) => Number(split) !== 1)).toHaveLength(splits)
      const [first, last] = [days[0]?.date ?? '', days.at(-1)?.date ?? '']
      const held = lot({ symbol, quantity: String(shares), entry: '1', on: '2011-06-01' })
      const facts = { record: recordFrom(first, '1000000'), lots: [held] }
      const [, end] = snapshots(facts, pricesOf(symbol, days), [first, last])
      expect(end?.cumulativePnl).toBe((Number(ownersGain(days, shares)) / 1e6).toFixed(2))
    },
  )

  test.each([
    ['AAPL', '2014-06-06', '2014-06-09'],
    ['AAPL', '2020-08-28', '2020-08-31'],
    ['USO', '2020-04-28', '2020-04-29'],
  ])('%s moves on its ex-date by the price alone (%s to %s)', (symbol, before, exDate) => {
    const days = historyOf(symbol)
    const closeOn = (date: string) => Number(days.find((day) => day.date === date)?.close)
    const ratio = Number(days.find(({ date }) => date === exDate)?.split)
    const held = lot({ symbol, quantity: '800', entry: '1', on: '2011-06-01', basis: before })
    const facts = { record: recordFrom(before, '1000000'), lots: [held] }
    const [, onExDate] = snapshots(facts, pricesOf(symbol, days), [before, exDate])
    const gain = 800 * (ratio * closeOn(exDate) - closeOn(before))
    expect(onExDate?.dailyPnl).toBe(gain.toFixed(2))
  })
})
