import {
  startFakeMarket,
  type FakeMarket,
  type FakeMarketOptions,
  type MarketBar,
  type MarketSource,
} from '../src/index.ts'

/** Two weeks of June 2014; New York is four hours behind UTC. */
export const DAYS = [2, 3, 4, 5, 6, 9, 10, 11, 12, 13].map(
  (day) => `2014-06-${String(day).padStart(2, '0')}`,
)
export const SPLIT_DAY = '2014-06-09'
const LAST_DAY = '2014-06-13'

/** After the close of a day, epoch in New York evenings. */
export function evening(date: string): Date {
  return new Date(`${date}T21:00:00Z`)
}

export function openSeconds(date: string): number {
  return Date.parse(`${date}T13:30:00Z`) / 1000
}

export function bar(date: string, close: number, more: Partial<MarketBar> = {}): MarketBar {
  return {
    date,
    open: close - 1,
    high: close + 2,
    low: close - 2,
    close,
    volume: 7_000,
    dividend: 0,
    splitRatio: 1,
    ...more,
  }
}

/** AAPL's closes around its 7:1, with an invented dividend before it and one after it. */
const AAPL_CLOSES = [628.65, 637.54, 644.82, 647.35, 645.57, 93.7, 94.25, 93.86, 92.29, 91.28]

export const HISTORIES: Readonly<Record<string, readonly MarketBar[]>> = {
  AAPL: AAPL_CLOSES.map((close, i) => {
    const date = DAYS[i] ?? ''
    const dividend = { '2014-06-05': 3.29, '2014-06-11': 0.47 }[date] ?? 0
    return bar(date, close, { dividend, splitRatio: date === SPLIT_DAY ? 7 : 1 })
  }),
  'BRK.B': DAYS.map((date, i) => bar(date, 128 + i)),
  '^GSPC': DAYS.map((date, i) => bar(date, 1900 + i)),
  AAPL140621C00650000: DAYS.slice(0, 4).map((date, i) =>
    bar(date, 5 + i, { open: null, high: null, low: null, volume: null, splitRatio: null }),
  ),
}

export const SOURCE: MarketSource = {
  symbols: ['AAPL', 'BRK.B', '^GSPC'],
  bars: (symbol) => HISTORIES[symbol] ?? null,
  session: (date) =>
    DAYS.includes(date)
      ? { open: new Date(`${date}T13:30:00Z`), close: new Date(`${date}T20:00:00Z`) }
      : null,
  profile: (symbol) =>
    symbol === 'AAPL'
      ? {
          name: 'Apple Inc.',
          sector: 'Technology',
          country: 'United States',
          beta: 1.2,
          sharesOutstanding: 1_000,
          epsTrailing: 4.564,
          nextEarningsDate: '2014-07-22',
        }
      : null,
  statements: (symbol) =>
    symbol === 'AAPL'
      ? [
          {
            date: '2014-03-31',
            frequency: 'quarterly',
            publishedOn: '2014-04-23',
            lines: { TotalRevenue: 45_646e6, BasicEPS: 11.69 },
          },
          {
            date: '2014-06-30',
            frequency: 'quarterly',
            publishedOn: '2014-07-22',
            lines: { TotalRevenue: 37_432e6 },
          },
        ]
      : [],
}

/** A world on the evening of its last day, whose chance is always one half. */
export function startWorld(options: Partial<FakeMarketOptions> = {}): Promise<FakeMarket> {
  return startFakeMarket({
    source: SOURCE,
    now: () => evening(LAST_DAY),
    random: () => 0.5,
    ...options,
  })
}

export async function getJson<T>(url: string, headers: Record<string, string> = {}): Promise<T> {
  const response = await fetch(url, { headers })
  return (await response.json()) as T
}

export interface ChartBody {
  readonly chart: {
    readonly result: readonly ChartResult[] | null
    readonly error: { readonly code: string; readonly description: string } | null
  }
}

export interface ChartResult {
  readonly meta: Readonly<Record<string, unknown>>
  readonly timestamp?: readonly number[]
  readonly events?: Readonly<Record<string, Readonly<Record<string, object>>>>
  readonly indicators: {
    readonly quote: readonly Partial<Record<'open' | 'close' | 'volume', readonly unknown[]>>[]
    readonly adjclose: readonly { readonly adjclose?: readonly number[] }[]
  }
}

/** The path of a chart from one date's beginning to another's, in UTC. */
export function chartPath(symbol: string, from: string, to: string): string {
  const second = (date: string) => Date.parse(`${date}T00:00:00Z`) / 1000
  const period = `period1=${second(from)}&period2=${second(to)}`
  return `/v8/finance/chart/${symbol}?${period}&interval=1d&events=div%7Csplit`
}

export async function getChart(
  market: FakeMarket,
  symbol = 'AAPL',
  window: readonly string[] = ['2014-06-01', '2014-06-14'],
): Promise<ChartResult> {
  const [from = '', to = ''] = window
  const body = await getJson<ChartBody>(market.url + chartPath(symbol, from, to))
  const [result] = body.chart.result ?? []
  if (result === undefined) throw new Error(JSON.stringify(body))
  return result
}

export function closesOf({ indicators }: ChartResult): readonly unknown[] {
  return indicators.quote[0]?.close ?? []
}

/** A Yahoo caller's cookie and crumb. */
export async function enterYahoo({ url }: FakeMarket) {
  const page = await fetch(`${url}/quote/AAPL`)
  const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? ''
  const crumb = await (await fetch(`${url}/v1/test/getcrumb`, { headers: { cookie } })).text()
  return { cookie, crumb: encodeURIComponent(crumb) }
}

export interface PolygonBody {
  readonly ticker?: string
  readonly status: string
  readonly resultsCount?: number
  readonly results?: readonly Readonly<Record<string, unknown>>[]
  readonly next_url?: string
}

export function getPolygon({ url }: FakeMarket, path: string): Promise<PolygonBody> {
  return getJson(url + path, { authorization: 'Bearer any' })
}
