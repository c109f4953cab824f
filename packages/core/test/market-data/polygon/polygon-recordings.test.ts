import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { describeWithShared, sharedFile } from '../../harness/shared-data.ts'
import { barsOf, collect, request } from '../fetching.ts'
import { startVendor, text } from './vendor.ts'
import { aggregate, filtered, list } from './world.ts'

describeWithShared('the recordings of polygon', () => {
  const root = sharedFile('data/polygon-recordings/test_rest/mocks')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort()
  const read = (file: string) => readFileSync(join(root, file), 'utf8')
  const asTraded = (file: string) => read(file).replace('"adjusted": true', '"adjusted": false')

  test('are all there', () => {
    expect(files).toHaveLength(43)
  })

  test.each(files)('%s, as the answer to any call, gives bars or a reason', async (file) => {
    const range = /range\/1\/day\/(.+)\/(.+)\.json$/.exec(file)
    const [, from = '2005-04-04', to = '2005-04-04'] = range ?? []
    for (const body of [read(file), asTraded(file)]) {
      await using vendor = await startVendor(() => text(body))
      for (const symbols of [['AAPL'], ['AAPL230616C00150000'], ['AAPL', 'GIK', 'CSSEN', 'GOOG']]) {
        const outcomes = await collect(
          vendor.provider,
          symbols.map((symbol) => request(symbol, from, to)),
        )
        expect(outcomes).toHaveLength(symbols.length)
        for (const outcome of outcomes) {
          if (!outcome.ok) expect(['malformed', 'no_bars']).toContain(outcome.reason)
          else expect(basename(file)).toBe('never')
        }
      }
    }
  })

  test('an aggregate asked as traded and answered restated is refused', async () => {
    const file = 'v2/aggs/ticker/AAPL/range/1/day/2005-04-01/2005-04-04.json'
    await using vendor = await startVendor(() => text(read(file)))
    const asked = [request('AAPL', '2005-04-01', '2005-04-04')]
    expect(await collect(vendor.provider, asked)).toMatchObject([
      { ok: false, reason: 'malformed', detail: expect.stringContaining('adjusted') },
    ])
  })

  test.each([
    ['2005-04-01', 2],
    ['2005-04-02', 1],
  ])('aggregates from %s are bars of their days', async (from, count) => {
    const file = `v2/aggs/ticker/AAPL/range/1/day/${from}/2005-04-04.json`
    await using vendor = await startVendor(({ pathname }) =>
      pathname.startsWith('/v2/') ? text(asTraded(file)) : list([]),
    )
    const bars = barsOf(
      await collect(vendor.provider, [request('AAPL', from, '2005-04-04')]),
      'AAPL',
    )
    expect(bars).toHaveLength(count)
    expect(bars?.at(-1)).toEqual({
      date: '2005-04-04',
      open: 1.4639,
      high: 1.4754,
      low: 1.4343,
      close: 1.4675,
      volume: 578172308,
      dividend: 0,
      splitRatio: 1,
    })
  })

  test('a grouped day gets its splits and dividends from the lists as recorded', async () => {
    const day = JSON.parse(
      asTraded('v2/aggs/grouped/locale/us/market/stocks/2005-04-04&adjusted=true.json'),
    ) as { results: readonly object[] }
    await using vendor = await startVendor(
      (url) => {
        const [, kind] = /reference\/(splits|dividends)$/.exec(url.pathname) ?? []
        if (kind !== undefined) {
          const recorded = JSON.parse(read(`v3/reference/${kind}.json`)) as { results: Event[] }
          return list(filtered(url, recorded.results))
        }
        const date = url.pathname.slice(-10)
        const bars = ['GOOG', 'CSSEN'].map((T) => ({ ...day.results[0], ...stamp(date), T }))
        return { ...day, results: bars }
      },
      { now: '2025-01-01T12:00:00Z' },
    )
    const dates = ['2022-07-18', '2024-12-12']
    const asked = dates.flatMap((date) =>
      ['GOOG', 'CSSEN'].map((symbol) => request(symbol, date, date)),
    )
    const outcomes = await collect(vendor.provider, asked)
    const prices = { open: 9.99, high: 10.02, low: 9.9, close: 10.02, volume: 895345 }
    const bar = (date: string, dividend: number, splitRatio: number) => ({
      date,
      ...prices,
      dividend,
      splitRatio,
    })
    expect(
      outcomes.map((outcome) => (outcome.ok ? [outcome.symbol, ...outcome.bars] : null)),
    ).toEqual([
      ['GOOG', bar('2022-07-18', 0, 20)],
      ['CSSEN', bar('2022-07-18', 0, 1)],
      ['GOOG', bar('2024-12-12', 0, 1)],
      ['CSSEN', bar('2024-12-12', 0.59375, 1)],
    ])
    expect(vendor.calls).toHaveLength(6)
  })
})

type Event = Readonly<Record<string, unknown>>

function stamp(date: string) {
  const { t } = aggregate(date, 1)
  return { t }
}
