import { describe, expect, test } from '@jest/globals'
import { errorAnswer } from './chart-answer.ts'
import { startYahooServer, type Asked, type Reply } from './yahoo-server.ts'
import { fundamentalsOf, profilesOf, yahooWorld } from './yahoo-world.ts'

const NOW = '2025-03-01T01:00:00Z'
const DAY = 86_400

const AAPL_QUOTE = {
  symbol: 'AAPL',
  quoteType: 'EQUITY',
  exchangeTimezoneName: 'America/New_York',
  longName: 'Apple Inc.',
  fullExchangeName: 'NasdaqGS',
  currency: 'USD',
  marketCap: 3_600,
  trailingPE: 'Infinity',
  dividendYield: 0.41,
  trailingAnnualDividendYield: 0.0041,
  earningsTimestamp: Date.UTC(2025, 0, 30) / 1000,
  // One in the morning in London is the evening before in New York.
  earningsTimestampStart: Date.UTC(2025, 4, 1, 1) / 1000,
}

const AAPL_SUMMARY = {
  assetProfile: {
    sector: 'Technology',
    industry: 'Consumer Electronics',
    country: 'United States',
  },
  defaultKeyStatistics: { enterpriseValue: 3_700, priceToBook: 55 },
  price: { symbol: 'AAPL', marketCap: 3_601 },
  summaryDetail: { beta: 1.2, dividendYield: 0.0042, trailingPE: 'Infinity' },
}

const QUOTES: readonly object[] = [
  AAPL_QUOTE,
  { symbol: 'SPY', quoteType: 'ETF', longName: 'SPDR S&P 500' },
  { symbol: 'DEAD', quoteType: 'NONE' },
]

function quoteReply(result: readonly object[]): Reply {
  return { json: { quoteResponse: { result, error: null } } }
}

function summaryReply(summary: object): Reply {
  return { json: { quoteSummary: { result: [summary], error: null } } }
}

/** The outcomes by symbol and the summaries that were asked for. */
async function ask(symbols: readonly string[], quotes: Reply, summary: Reply) {
  await using server = await startYahooServer(({ path }) =>
    path === '/v7/finance/quote' ? quotes : summary,
  )
  const outcomes = await profilesOf(yahooWorld(server, { now: NOW }), symbols)
  expect(outcomes).toHaveLength(symbols.length)
  return {
    of: new Map(outcomes.map((outcome) => [String(outcome.symbol), outcome])),
    summaries: server.dataPaths().filter((path) => path.includes('quoteSummary')),
  }
}

describe('profiles', () => {
  test("a company's is its summary, completed by its quote", async () => {
    const { of } = await ask(['AAPL'], quoteReply(QUOTES.slice(0, 1)), summaryReply(AAPL_SUMMARY))
    expect(of.get('AAPL')).toEqual({
      ok: true,
      symbol: 'AAPL',
      provider: 'yahoo',
      value: {
        companyName: 'Apple Inc.',
        sector: 'Technology',
        industry: 'Consumer Electronics',
        exchange: 'NasdaqGS',
        country: 'United States',
        currency: 'USD',
        marketCap: 3_601,
        enterpriseValue: 3_700,
        peRatio: null,
        forwardPe: null,
        psRatio: null,
        pbRatio: 55,
        dividendYield: 0.0042,
        beta: 1.2,
        week52High: null,
        week52Low: null,
        isEtf: false,
        nextEarningsDate: '2025-04-30',
      },
    })
  })

  test('cost a summary for companies only', async () => {
    const symbols = ['AAPL', 'SPY', 'DEAD', 'NEVER', 'AAPL240119C00150000']
    const { of, summaries } = await ask(symbols, quoteReply(QUOTES), summaryReply(AAPL_SUMMARY))
    expect(summaries).toEqual(['/v10/finance/quoteSummary/AAPL'])
    expect(of.get('SPY')).toMatchObject({ ok: true, value: { isEtf: true, sector: null } })
    expect(of.get('DEAD')).toMatchObject({ ok: false, reason: 'delisted' })
    expect(of.get('NEVER')).toMatchObject({ ok: false, reason: 'unknown_symbol' })
    expect(of.get('AAPL240119C00150000')).toMatchObject({ ok: false, reason: 'unknown_symbol' })
  })

  test("a company's is its quote where there is no summary, with the trailing yield", async () => {
    const none = errorAnswer(404, 'quoteSummary', 'No fundamentals data found for any of them')
    const { of } = await ask(['AAPL'], quoteReply(QUOTES.slice(0, 1)), none)
    expect(of.get('AAPL')).toMatchObject({
      ok: true,
      value: { companyName: 'Apple Inc.', sector: null, dividendYield: 0.0041 },
    })
  })

  test.each([
    ['unavailable', { status: 503, body: '' }],
    ['malformed', summaryReply({ price: { symbol: 'MSFT' } })],
    ['malformed', { json: { quoteSummary: { result: null, error: null } } }],
    ['unknown_symbol', errorAnswer(404, 'quoteSummary', 'Quote not found for symbol: AAPL')],
  ] as const)("a company's is %s when its summary is", async (reason, summary: Reply) => {
    const { of } = await ask(['AAPL'], quoteReply(QUOTES.slice(0, 1)), summary)
    expect(of.get('AAPL')).toMatchObject({ ok: false, reason })
  })

  test('of a batch all fail when its quotes do, or are about another symbol', async () => {
    const broken = await ask(['AAPL', 'SPY'], { status: 500, body: '' }, summaryReply({}))
    expect([...broken.of.values()]).toMatchObject(
      Array(2).fill({ ok: false, reason: 'unavailable', retryable: true }),
    )
    const stranger = await ask(['AAPL'], quoteReply(QUOTES.slice(1, 2)), summaryReply({}))
    expect(stranger.of.get('AAPL')).toMatchObject({ ok: false, reason: 'malformed' })
  })
})

/** Figures of the lines of all three statements, for each period that is asked for. */
function seriesReply(asked: Asked, symbol: string): Reply {
  const types = (asked.query.get('type') ?? '').split(',')
  const frequency = types[0]?.startsWith('annual') === true ? 'annual' : 'quarterly'
  const periods = frequency === 'annual' ? 7 : 14
  const figures: Readonly<Record<string, number>> = {
    TotalRevenue: 100,
    EBITDA: 30,
    BasicEPS: 1.5,
    GrossProfit: 0,
    TotalAssets: 900,
    StockholdersEquity: 400,
    OperatingCashFlow: 50,
    CashDividendsPaid: -5,
  }
  const timestamp = Array.from({ length: periods }, (_, i) => (18_970 + i * 90) * DAY)
  const result = Object.entries(figures)
    .map(([line, raw]) => [`${frequency}${line}`, raw] as const)
    .filter(([type]) => types.includes(type))
    .map(([type, raw]) => ({
      meta: { symbol: [symbol], type: [type] },
      timestamp,
      [type]: timestamp.map((_, i) => ({
        periodType: frequency === 'annual' ? '12M' : '3M',
        reportedValue: { raw: raw * (i + 1) },
      })),
    }))
  return { json: { timeseries: { result, error: null } } }
}

describe('fundamentals', () => {
  test('are the newest 12 quarters and 5 years of each statement with all its lines', async () => {
    await using server = await startYahooServer((asked) => seriesReply(asked, 'AAPL'))
    const [outcome] = await fundamentalsOf(yahooWorld(server, { now: NOW }), ['AAPL'])
    if (outcome?.ok !== true) throw new Error(JSON.stringify(outcome))
    const { income, balance, cash } = outcome.value
    for (const statements of [income, balance, cash]) {
      expect(statements.filter(({ frequency }) => frequency === 'quarterly')).toHaveLength(12)
      expect(statements.filter(({ frequency }) => frequency === 'annual')).toHaveLength(5)
    }
    expect(income.find(({ frequency }) => frequency === 'quarterly')).toEqual({
      periodDate: '2025-02-21',
      frequency: 'quarterly',
      headlines: {
        totalRevenue: 1400,
        costOfRevenue: null,
        grossProfit: null,
        operatingIncome: null,
        netIncome: null,
        ebitda: 420,
        basicEps: 21,
        dilutedEps: null,
      },
      lines: { totalRevenue: 1400, EBITDA: 420, basicEPS: 21 },
    })
    expect(balance[0]?.lines).toEqual({ totalAssets: 12_600, stockholdersEquity: 5600 })
    expect(balance[0]?.headlines.totalEquity).toBe(5600)
    expect(cash[0]?.headlines).toMatchObject({ operatingCashFlow: 700, dividendsPaid: -70 })
  })

  test('cost two calls a symbol, and need no crumb', async () => {
    await using server = await startYahooServer((asked) => seriesReply(asked, 'BRK-B'))
    const outcomes = await fundamentalsOf(yahooWorld(server, { now: NOW }), ['BRK.B'])
    expect(outcomes).toMatchObject([{ ok: true, symbol: 'BRK.B' }])
    const path = '/ws/fundamentals-timeseries/v1/finance/timeseries/BRK-B'
    expect(server.asked.map((call) => call.path)).toEqual([path, path])
  })

  test.each([
    ['malformed', 'of another symbol', (asked: Asked) => seriesReply(asked, 'MSFT')],
    ['no_data', 'without figures', () => ({ json: { timeseries: { result: [], error: null } } })],
    ['malformed', 'without the outer shape', () => ({ json: {} })],
    ['rate_limited', 'that were asked for too often', () => ({ status: 429, body: '' })],
    [
      'malformed',
      'without the length of their period',
      () => {
        const type = 'quarterlyTotalRevenue'
        const figures = [{ reportedValue: { raw: 1 } }]
        const series = {
          meta: { symbol: ['AAPL'], type: [type] },
          timestamp: [DAY],
          [type]: figures,
        }
        return { json: { timeseries: { result: [series], error: null } } }
      },
    ],
  ] as const)(
    'are %s when they are those %s',
    async (reason, _, answer: (asked: Asked) => Reply) => {
      await using server = await startYahooServer(answer)
      const [outcome] = await fundamentalsOf(yahooWorld(server, { now: NOW }), ['AAPL'])
      expect(outcome).toMatchObject({ ok: false, symbol: 'AAPL', reason })
    },
  )
})
