import { json, type Endpoint } from '../http/endpoint.ts'
import { utcSeconds } from '../market/dates.ts'
import type { MarketStatement } from '../market/market-source.ts'
import { newYorkDate } from '../market/new-york.ts'
import { fromYahoo } from './yahoo-symbol.ts'

const PERIOD_TYPES = { quarterly: '3M', annual: '12M' }

/** Statement lines as time series, one per asked type (`quarterlyTotalRevenue`); no crumb is needed. */
export const fundamentals: Endpoint = {
  vendor: 'yahoo',
  name: 'fundamentals',
  path: /^\/ws\/fundamentals-timeseries\/v1\/finance\/timeseries\/([^/]+)$/,
  symbols: ({ path }) => path.map(fromYahoo),
  answer({ path, query, now }, { market }) {
    const [asked = ''] = path
    const from = Number(query.get('period1') ?? 0)
    const to = Number(query.get('period2') ?? now / 1000)
    const today = newYorkDate(now)
    const published = (market.source.statements?.(fromYahoo(asked)) ?? [])
      .filter(({ publishedOn }) => publishedOn <= today)
      .filter(({ date }) => utcSeconds(date) >= from && utcSeconds(date) <= to)
      .toSorted((a, b) => a.date.localeCompare(b.date))
    const types = (query.get('type') ?? '').split(',').filter(Boolean)
    const result = types.map((type) => seriesOf(asked, type, published))
    return json(200, { timeseries: { result, error: null } })
  },
}

/** A type without values is its `meta` alone. The client takes the third key for the values. */
function seriesOf(symbol: string, type: string, published: readonly MarketStatement[]) {
  const values = published.flatMap(({ date, frequency, lines }) => {
    const raw = type.startsWith(frequency) ? lines[type.slice(frequency.length)] : undefined
    return raw === undefined ? [] : [{ date, frequency, raw }]
  })
  const meta = { symbol: [symbol], type: [type] }
  if (values.length === 0) return { meta }
  return {
    meta,
    timestamp: values.map(({ date }) => utcSeconds(date)),
    [type]: values.map(({ date, frequency, raw }) => ({
      dataId: 20_100,
      asOfDate: date,
      periodType: PERIOD_TYPES[frequency],
      currencyCode: 'USD',
      reportedValue: { raw, fmt: String(raw) },
    })),
  }
}
