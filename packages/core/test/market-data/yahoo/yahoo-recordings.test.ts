import { expect, test } from '@jest/globals'
import { describeWithShared } from '../../harness/shared-data.ts'
import { barsOf, collect, request } from '../fetching.ts'
import { errorAnswer } from './chart-answer.ts'
import { recordingsOf, replyOf, type Recording } from './recordings.ts'
import { startYahooServer, type Reply, type YahooServer } from './yahoo-server.ts'
import { fundamentalsOf, profilesOf, yahooWorld } from './yahoo-world.ts'

const NOW = '2025-03-25T01:00:00Z'
/** Before the oldest of the quotes' earnings dates. */
const NOW_OF_OLD_QUOTES = '2021-01-20T01:00:00Z'

/** What became of a recording: how many bars or profiles, or the reason why there are none. */
type Tally = Record<string, number>

function count(results: readonly string[]): Tally {
  const tally: Tally = {}
  for (const result of results) tally[result] = (tally[result] ?? 0) + 1
  return tally
}

async function barResult(
  server: YahooServer,
  recording: Recording,
  laterSplits: [] | null,
): Promise<string> {
  server.answer = () => replyOf(recording)
  const world = yahooWorld(server, { now: NOW, laterSplits: () => Promise.resolve(laterSplits) })
  const [symbol = ''] = recording.symbols
  const outcomes = await collect(world.provider, [request(symbol)])
  expect(outcomes.map((outcome) => outcome.symbol)).toEqual([symbol])
  const [outcome] = outcomes
  return outcome?.ok === false ? outcome.reason : `${barsOf(outcomes, symbol)?.length ?? 0} bars`
}

describeWithShared("Yahoo's recorded answers, served to the real client", () => {
  const noSummary = errorAnswer(404, 'quoteSummary', 'No fundamentals data found for any')

  test('all 483 are of an endpoint that is asked or of two that are not', () => {
    const endpoints = [
      'chart',
      'download',
      'fundamentals',
      'options',
      'quote',
      'quoteSummary',
    ] as const
    const counts = endpoints.map((endpoint) => [endpoint, recordingsOf(endpoint).length])
    expect(Object.fromEntries(counts)).toEqual({
      chart: 29,
      download: 15,
      fundamentals: 1,
      options: 16,
      quote: 67,
      quoteSummary: 355,
    })
  })

  test('every chart gives its bars or a reason', async () => {
    await using server = await startYahooServer(() => 'reset')
    const results: string[] = []
    for (const recording of recordingsOf('chart')) {
      const result = await barResult(server, recording, [])
      if (recording.file.includes('notimestamp')) expect(result).toBe('malformed')
      results.push(result)
    }
    expect(count(results)).toEqual({
      '1 bars': 21,
      '49 bars': 1,
      '252 bars': 2,
      '3303 bars': 1,
      malformed: 2,
      no_bars: 2,
    })
  })

  test('every chart of days long past is refused while the splits after it are not known', async () => {
    await using server = await startYahooServer(() => 'reset')
    const results: string[] = []
    for (const recording of recordingsOf('chart')) {
      results.push(await barResult(server, recording, null))
    }
    expect(count(results)).toEqual({ malformed: 2, no_bars: 2, unknown_later_splits: 25 })
  })

  test('an answer of the endpoint that was before the chart is malformed or has no bars', async () => {
    await using server = await startYahooServer(() => 'reset')
    const results: string[] = []
    for (const recording of recordingsOf('download')) {
      results.push(await barResult(server, recording, []))
    }
    expect(count(results)).toEqual({ malformed: 13, no_bars: 2 })
  })

  test('every quote gives a profile or a reason', async () => {
    await using server = await startYahooServer(() => 'reset')
    const results: string[] = []
    for (const recording of recordingsOf('quote')) {
      server.answer = ({ path }): Reply =>
        path.includes('/quoteSummary/') ? noSummary : replyOf(recording)
      const now = recording.file.startsWith('old/') ? NOW_OF_OLD_QUOTES : NOW
      const world = yahooWorld(server, { now })
      const outcomes = await profilesOf(world, recording.symbols)
      expect(outcomes.map(({ symbol }) => symbol).sort()).toEqual([...recording.symbols].sort())
      results.push(...outcomes.map((outcome) => (outcome.ok ? 'profile' : outcome.reason)))
      expect(world.logged).toEqual([])
    }
    expect(count(results)).toEqual({ delisted: 2, profile: 66, unknown_symbol: 4 })
  })

  test('every summary gives a profile, or says that it has nothing of one', async () => {
    await using server = await startYahooServer(() => 'reset')
    const results: string[] = []
    for (const recording of recordingsOf('quoteSummary')) {
      const [symbol = ''] = recording.symbols
      const quote = { quoteResponse: { result: [{ symbol, quoteType: 'EQUITY' }], error: null } }
      server.answer = ({ path }): Reply =>
        path.includes('/quoteSummary/') ? replyOf(recording) : { json: quote }
      const world = yahooWorld(server, { now: NOW })
      const [outcome] = await profilesOf(world, [symbol])
      const result = outcome?.ok === false ? outcome.reason : 'profile'
      if (recording.status === 404) expect(result).toBe('no_data')
      const kind = recording.modules.length === 1 ? (recording.modules[0] ?? '') : 'all'
      results.push(result === 'profile' ? `${kind}: profile` : result)
      expect(world.logged).toEqual([])
    }
    expect(count(results)).toEqual({
      'all: profile': 7,
      'assetProfile: profile': 10,
      'defaultKeyStatistics: profile': 10,
      'price: profile': 12,
      'summaryDetail: profile': 11,
      no_data: 305,
    })
  })

  test('the fundamentals of a currency pair are none', async () => {
    await using server = await startYahooServer(() => 'reset')
    const [recording] = recordingsOf('fundamentals')
    if (recording === undefined) throw new Error('the recording is missing')
    server.answer = () => replyOf(recording)
    const world = yahooWorld(server, { now: NOW })
    expect(await fundamentalsOf(world, recording.symbols)).toMatchObject([
      { ok: false, symbol: 'EURGBP=X', reason: 'no_data', retryable: false },
    ])
  })
})
