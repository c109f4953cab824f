import { json, type Endpoint, type Question, type World } from '../http/endpoint.ts'
import { knownHistory } from '../market/history.ts'
import { isDelisted } from '../market/is-delisted.ts'
import { WRONG_SYMBOL } from '../script/row-faults.ts'
import { effectiveQuery, pageOf } from './paging.ts'
import { ok } from './polygon-answer.ts'

const RULES = { path: '/v3/reference/tickers', defaultLimit: 100, maxLimit: 1000 }

/** Whether a ticker exists and trades; those that no longer do are not found here. */
export const tickerDetails: Endpoint = {
  vendor: 'polygon',
  name: 'tickerDetails',
  path: /^\/v3\/reference\/tickers\/([^/]+)$/,
  symbols: ({ path }) => path,
  async answer(question, world) {
    const [symbol = ''] = question.path
    const record = await tickerRecord(symbol, question, world)
    if (record?.active !== true) {
      const body = { status: 'NOT_FOUND', request_id: '0'.repeat(32), message: 'Ticker not found.' }
      return json(404, body)
    }
    return ok(question, { results: record })
  },
}

/** The tickers that trade, or with `active=false` those that no longer do. */
export const tickers: Endpoint = {
  vendor: 'polygon',
  name: 'tickers',
  path: /^\/v3\/reference\/tickers$/,
  symbols: ({ query }) => effectiveQuery(query).get('ticker')?.split(',') ?? null,
  async answer(question, world) {
    const query = effectiveQuery(question.query)
    const asked = query.get('ticker')
    const isActive = query.get('active') !== 'false'
    const records: unknown[] = []
    for (const symbol of world.market.source.symbols) {
      if (asked !== null && symbol !== asked) continue
      const record = await tickerRecord(symbol, question, world)
      if (record?.active === isActive) records.push(record)
    }
    const page = pageOf(records, question, RULES)
    return ok(question, { results: page.items, count: page.items.length, ...page.link })
  },
}

async function tickerRecord(symbol: string, question: Question, { market }: World) {
  const isStock = market.source.symbols.includes(symbol) && !symbol.startsWith('^')
  if (!isStock || (await knownHistory(market, symbol, question.now)) === null) return null
  const profile = market.source.profile?.(symbol)
  const isGone = isDelisted(market, symbol, question.now)
  return {
    ticker: question.faultFor(symbol)?.kind === 'wrong_symbol' ? WRONG_SYMBOL : symbol,
    name: profile?.name ?? symbol,
    market: 'stocks',
    locale: 'us',
    primary_exchange: 'XNAS',
    type: profile?.quoteType === 'ETF' ? 'ETF' : 'CS',
    active: !isGone,
    currency_name: 'usd',
    ...(isGone && { delisted_utc: `${profile?.delistedOn ?? ''}T00:00:00Z` }),
  }
}
