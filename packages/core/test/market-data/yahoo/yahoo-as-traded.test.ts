import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import type { DailyBar } from '../../../src/market-data/bar.ts'
import type { Split } from '../../../src/market-data/providers/yahoo/served-chart.ts'
import { describeWithShared, sharedFile } from '../../harness/shared-data.ts'
import { barsOf, collect, request } from '../fetching.ts'
import { chartAnswer } from './chart-answer.ts'
import { recordingsOf, replyOf } from './recordings.ts'
import { startYahooServer } from './yahoo-server.ts'
import { yahooWorld } from './yahoo-world.ts'

/** After the recordings were made, so that their windows lie in the past. */
const NOW = '2025-03-25T01:00:00Z'

function split(date: string, ratio: number): Split {
  return { date: date as Split['date'], ratio }
}

const NVDA_SPLITS = [split('2021-07-20', 4), split('2024-06-10', 10)]
const TSLA_SPLITS = [split('2020-08-31', 5), split('2022-08-25', 3)]

/** The outcome of a symbol whose chart is a recording, when the given splits are known. */
async function outcomeOf(symbol: string, file: string, known: readonly Split[] | null) {
  const recording = recordingsOf('chart').find((candidate) => candidate.file.endsWith(file))
  if (recording === undefined) throw new Error(`there is no recording ${file}`)
  await using server = await startYahooServer(() => replyOf(recording))
  const laterSplits = (_: string, after: string) =>
    Promise.resolve(known?.filter(({ date }) => date > after) ?? null)
  const world = yahooWorld(server, { now: NOW, laterSplits })
  const [outcome] = await collect(world.provider, [request(symbol)])
  return outcome
}

async function recordedBars(symbol: string, file: string, known: readonly Split[]) {
  const outcome = await outcomeOf(symbol, file, known)
  return new Map(outcome?.ok === true ? outcome.bars.map((bar) => [String(bar.date), bar]) : [])
}

describeWithShared('bars as traded from recorded charts', () => {
  test('AAPL on the day of its 4:1 split and on the day of its dividend', async () => {
    const bars = await recordedBars('AAPL', 'chart-AAPL-2020-08-31-to-2020-11-07.json', [])
    expect(bars.size).toBe(49)
    expect(bars.get('2020-08-31')).toMatchObject({ close: 129.04, splitRatio: 4, dividend: 0 })
    expect(bars.get('2020-11-06')).toMatchObject({ close: 118.69, splitRatio: 1, dividend: 0.205 })
    const events = [...bars.values()].filter((bar) => bar.dividend !== 0 || bar.splitRatio !== 1)
    expect(events.map(({ date }) => date)).toEqual(['2020-08-31', '2020-11-06'])
  })

  test("MSFT's dividends are on their ex-dates", async () => {
    const bars = await recordedBars('MSFT', 'MSFT-dividends-2021-02-01-to-2022-01-31.csv.json', [])
    expect(bars.size).toBe(252)
    expect(bars.get('2021-02-01')).toMatchObject({ open: 235.06, close: 239.65 })
    const paid = [...bars.values()].filter(({ dividend }) => dividend !== 0)
    expect(paid.map(({ date, dividend }) => [date, dividend])).toEqual([
      ['2021-02-17', 0.56],
      ['2021-05-19', 0.56],
      ['2021-08-18', 0.56],
      ['2021-11-17', 0.62],
    ])
  })

  test('TSLA is complete and as traded across its 5:1 and 3:1 splits', async () => {
    const bars = await recordedBars('TSLA', 'dividends-TSLA-no-dividends.json', TSLA_SPLITS)
    expect(bars.size).toBe(3303)
    expect(bars.get('2010-06-29')).toMatchObject({ open: 19, high: 25, low: 17.54, close: 23.89 })
    expect(bars.get('2010-06-29')?.volume).toBe(18_766_300)
    expect(bars.get('2020-08-28')).toMatchObject({ close: 2213.4, splitRatio: 1 })
    expect(bars.get('2020-08-31')).toMatchObject({ close: 498.32, splitRatio: 5 })
    expect(bars.get('2022-08-24')).toMatchObject({ close: 891.29, splitRatio: 1 })
    expect(bars.get('2022-08-25')).toMatchObject({ close: 296.07, splitRatio: 3 })
    expect(bars.get('2023-08-11')?.close).toBe(242.65)
  })

  test('NVDA of 2021 is as traded once its split of 2024 is known', async () => {
    const bars = await recordedBars(
      'NVDA',
      'NVDA-split-2021-02-01-to-2022-01-31.csv.json',
      NVDA_SPLITS,
    )
    expect(bars.size).toBe(252)
    expect(bars.get('2021-02-01')).toMatchObject({ close: 529.48, volume: 5_430_100 })
    expect(bars.get('2021-07-19')).toMatchObject({ close: 751.19, splitRatio: 1 })
    expect(bars.get('2021-07-20')).toMatchObject({ close: 186.12, splitRatio: 4 })
    expect(bars.get('2022-01-28')?.close).toBe(228.4)
  })

  test('NVDA of 2021 is refused while its later splits are not known', async () => {
    const outcome = await outcomeOf('NVDA', 'NVDA-split-2021-02-01-to-2022-01-31.csv.json', null)
    expect(outcome).toMatchObject({ ok: false, reason: 'unknown_later_splits', retryable: true })
    expect(outcome?.ok === false && outcome.detail).toMatch('2022-01-28')
  })

  test('AAPL gives the same rows before and after its 7:1 split', async () => {
    const before = await servedFile('2014-06-06')
    const after = await servedFile('2014-06-30')
    const known = after.filter(({ date }) => date <= '2014-06-06')
    expect(before).toHaveLength(360)
    expect(known).toEqual(before)
    expect(after[before.length]).toMatchObject({ date: '2014-06-09', close: 93.7, splitRatio: 7 })
  })
})

/** What is stored of AAPL when it is served as in the file of that day, prices as 32-bit floats. */
async function servedFile(day: string): Promise<readonly DailyBar[]> {
  const path = sharedFile(`data/us-actions/aapl-restated-${day}.csv`)
  const rows = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
  const bars = rows.map(([date = '', , ...figures]) => {
    const [open, high, low, close] = figures.slice(0, 4).map((text) => Math.fround(Number(text)))
    return { date, open, high, low, close: close ?? null, volume: Number(figures[4]) }
  })
  const dividends = rows.filter((row) => Number(row[7]) > 0).map((row) => [row[0], Number(row[7])])
  const splits = rows
    .filter((row) => Number(row[8]) !== 1)
    .map((row) => [row[0], [Number(row[8]), 1]])
  const answer = chartAnswer({
    symbol: 'AAPL',
    bars: bars as Parameters<typeof chartAnswer>[0]['bars'],
    dividends: Object.fromEntries(dividends) as Record<string, number>,
    splits: Object.fromEntries(splits) as Record<string, [number, number]>,
  })
  await using server = await startYahooServer(() => answer)
  const world = yahooWorld(server, { now: `${day}T23:00:00Z` })
  return barsOf(await collect(world.provider, [request('AAPL')]), 'AAPL') ?? []
}
