import { describe, expect, test } from '@jest/globals'
import { collect, request } from '../fetching.ts'
import { chartAnswer, errorAnswer, type ChartFacts } from './chart-answer.ts'
import { startYahooServer, type Reply } from './yahoo-server.ts'
import { yahooWorld, type WorldOptions } from './yahoo-world.ts'

/** Evening of Wednesday 2024-03-06 in New York. */
const NOW = '2024-03-07T01:00:00Z'

const CALM: ChartFacts = {
  symbol: 'XYZ',
  bars: [
    { date: '2024-03-04', close: 10 },
    { date: '2024-03-05', close: 11 },
    { date: '2024-03-06', close: 12 },
  ],
}

async function ask(
  reply: Reply,
  asked = request('XYZ', '2024-03-04', '2024-03-06'),
  options: Partial<WorldOptions> = {},
) {
  await using server = await startYahooServer(() => reply)
  const world = yahooWorld(server, { now: NOW, ...options })
  const [outcome] = await collect(world.provider, [asked])
  const rows = outcome?.ok === true ? outcome.bars : []
  return { outcome, rows, logged: world.logged, server }
}

function closes(rows: readonly { date: string; close: number | null }[]) {
  return rows.map(({ date, close }) => [date, close])
}

describe("a chart's bars", () => {
  test('are asked for from a week before the first day through now and cut to the days', async () => {
    const asked = request('XYZ', '2024-03-05', '2024-03-05')
    const { rows, server } = await ask(chartAnswer(CALM), asked)
    expect(closes(rows)).toEqual([['2024-03-05', 11]])
    expect(server.asked).toHaveLength(1)
    const [call] = server.asked
    expect(call?.path).toBe('/v8/finance/chart/XYZ')
    expect(Number(call?.query.get('period1'))).toBe(Date.UTC(2024, 1, 27) / 1000)
    expect(Number(call?.query.get('period2'))).toBe(Date.parse(NOW) / 1000)
    expect(call?.query.get('events')).toBe('div|split|capitalGains')
  })

  test('have the date of their stamp in the zone of the exchange', async () => {
    const bars = [{ date: '2024-03-06', close: 12, time: '09:00' }]
    const { rows } = await ask(chartAnswer({ symbol: 'XYZ', zone: 'Asia/Tokyo', bars }))
    expect(closes(rows)).toEqual([['2024-03-06', 12]])
  })

  test('are one for the last session, though the running bar is appended to its own', async () => {
    const live = { date: '2024-03-06', close: 12.01, time: '16:00' }
    const { rows, logged } = await ask(chartAnswer({ ...CALM, bars: [...CALM.bars, live] }))
    expect(closes(rows).at(-1)).toEqual(['2024-03-06', 12])
    expect(rows).toHaveLength(3)
    expect(logged).toEqual([])
  })

  test('are sorted; equal ones count once and a day with different ones is left out and logged', async () => {
    const { rows, logged } = await ask(
      chartAnswer({
        symbol: 'XYZ',
        bars: [
          { date: '2024-03-06', close: 12 },
          { date: '2024-03-04', close: 10 },
          { date: '2024-03-05', close: 11 },
          { date: '2024-03-05', close: 99 },
          { date: '2024-03-04', close: 10 },
        ],
        lastTrade: '2024-03-06T16:00',
      }),
    )
    expect(closes(rows)).toEqual([
      ['2024-03-04', 10],
      ['2024-03-06', 12],
    ])
    expect(logged.join()).toMatch(/yahoo_bars_conflict/)
  })

  test('without a number for a close are none; an open of 0 is not known', async () => {
    const { rows } = await ask(
      chartAnswer({
        symbol: 'XYZ',
        bars: [
          { date: '2024-03-04', close: null },
          { date: '2024-03-05', close: 'eleven' },
          { date: '2024-03-06', open: 0, close: 12, volume: 'many' },
        ],
      }),
    )
    expect(rows).toMatchObject([{ date: '2024-03-06', open: null, close: 12, volume: null }])
  })

  test('say of a day without events that there were none', async () => {
    const { rows } = await ask(chartAnswer(CALM))
    expect(rows.map(({ dividend, splitRatio }) => [dividend, splitRatio])).toEqual(
      Array(3).fill([0, 1]),
    )
  })

  test('have an event of a day without a trade as a row without a close', async () => {
    const bars = [CALM.bars[0], { date: '2024-03-05', close: null }, CALM.bars[2]]
    const facts = { ...CALM, bars: bars.filter((bar) => bar !== undefined) }
    const { rows } = await ask(chartAnswer({ ...facts, dividends: { '2024-03-05': 0.3 } }))
    expect(rows[1]).toMatchObject({ date: '2024-03-05', close: null, dividend: 0.3, splitRatio: 1 })
  })

  test("include a fund's capital gains in its dividend", async () => {
    const paid = { dividends: { '2024-03-05': 0.1 }, capitalGains: { '2024-03-05': 0.25 } }
    const { rows } = await ask(chartAnswer({ ...CALM, ...paid }))
    expect(rows[1]?.dividend).toBe(0.35)
  })
})

describe('splits', () => {
  const SPLIT: ChartFacts = {
    symbol: 'XYZ',
    bars: [
      { date: '2024-03-04', close: 10, volume: 400 },
      { date: '2024-03-05', close: 10.5, volume: 800 },
      { date: '2024-03-06', close: 10.2, volume: 500 },
    ],
    splits: { '2024-03-05': [4, 1] },
    dividends: { '2024-03-04': 0.1, '2024-03-05': 0.2 },
  }

  test('multiply prices and dividends and divide volumes of the days before, not of the ex-date', async () => {
    const { rows } = await ask(chartAnswer(SPLIT))
    expect(rows).toMatchObject([
      { close: 40, volume: 100, dividend: 0.4, splitRatio: 1 },
      { close: 10.5, volume: 800, dividend: 0.2, splitRatio: 4 },
      { close: 10.2, volume: 500, dividend: 0, splitRatio: 1 },
    ])
  })

  test('into fewer shares are fractions', async () => {
    const { rows } = await ask(chartAnswer({ ...SPLIT, splits: { '2024-03-05': [1, 8] } }))
    expect(rows[0]).toMatchObject({ close: 1.25, volume: 3200 })
    expect(rows[1]?.splitRatio).toBe(0.125)
  })

  test('that the earlier prices do not carry make the answer malformed', async () => {
    const bars = [
      { date: '2024-03-04', close: 40 },
      { date: '2024-03-05', close: 10.5 },
    ]
    const { outcome } = await ask(chartAnswer({ ...SPLIT, bars, lastTrade: '2024-03-05T16:00' }))
    expect(outcome).toMatchObject({ ok: false, reason: 'malformed' })
  })

  test('that are listed after the last bar leave open what the prices carry', async () => {
    const { outcome } = await ask(chartAnswer({ ...SPLIT, splits: { '2024-03-07': [4, 1] } }))
    expect(outcome).toMatchObject({ ok: false, reason: 'unknown_later_splits', retryable: true })
  })

  test('known from elsewhere are not asked for when the answer reaches the last trade', async () => {
    const { rows } = await ask(chartAnswer(SPLIT), undefined, {
      laterSplits: () => Promise.reject(new Error('asked')),
    })
    expect(rows).toHaveLength(3)
  })

  test('that cannot be read from elsewhere fail the symbol and may be read later', async () => {
    const facts = { ...SPLIT, lastTrade: '2024-04-30T16:00' }
    const { outcome } = await ask(chartAnswer(facts), undefined, {
      laterSplits: () => Promise.reject(new Error('no connection')),
    })
    expect(outcome).toMatchObject({ ok: false, reason: 'unavailable', retryable: true })
  })
})

describe('a symbol without bars', () => {
  const asked = request('XYZ', '2024-03-04', '2024-03-06')
  const nothing = { ...CALM, bars: [{ date: '2024-02-28', close: 9 }] }

  test.each([
    ['unknown_symbol', errorAnswer(404, 'chart', 'No data found, symbol may be delisted')],
    [
      'unknown_symbol',
      errorAnswer(400, 'chart', 'No data found for this date range, symbol may be delisted'),
    ],
    ['unknown_symbol', { status: 404, body: '' }],
    ['no_bars', errorAnswer(400, 'chart', "Data doesn't exist for startDate = 1, endDate = 2")],
    ['no_bars', chartAnswer(nothing)],
    ['delisted', chartAnswer({ ...nothing, lastTrade: '2023-06-30T16:00' })],
    ['malformed', chartAnswer({ ...CALM, symbol: 'ABC' })],
    ['malformed', { json: {} }],
    ['malformed', { json: [] }],
    ['malformed', { json: { chart: { result: [{}], error: null } } }],
    ['malformed', { status: 200, body: '' }],
    ['malformed', { status: 200, body: '{"chart":{"resu' }],
    ['malformed', { status: 200, body: '<html>Will be right back</html>' }],
    ['malformed', chartAnswer({ ...CALM, zone: 'Mars/Olympus' })],
    ['malformed', chartAnswer({ ...CALM, splits: { '2024-03-05': [0, 1] } })],
    ['refused', { status: 401, body: '{}' }],
    ['refused', { status: 302, body: '', headers: { location: 'https://finance.yahoo.com/' } }],
    ['rate_limited', { status: 429, body: 'Too Many Requests', headers: { 'retry-after': '7' } }],
    ['unavailable', { status: 500, body: '<html>' }],
    ['unavailable', { status: 503, body: '' }],
    ['unavailable', 'reset'],
  ] as const)('is told as %s', async (reason, reply: Reply) => {
    const { outcome } = await ask(reply, asked)
    expect(outcome).toMatchObject({ ok: false, symbol: 'XYZ', provider: 'yahoo', reason })
    const isRetryable = reason === 'rate_limited' || reason === 'unavailable'
    expect(outcome?.ok === false && outcome.retryable).toBe(isRetryable)
    expect(outcome?.ok === false && outcome.detail.length).toBeGreaterThan(10)
  })

  test('whose answer stalls in its body is unavailable after the timeout', async () => {
    const { outcome } = await ask('stall in the body', asked, { timeoutMs: 40 })
    expect(outcome).toMatchObject({ ok: false, reason: 'unavailable', retryable: true })
  })
})
