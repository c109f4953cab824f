import type { Endpoint } from '../http/endpoint.ts'
import { splitTerms } from '../market/split-terms.ts'
import { faultyOrder, splitView, WRONG_SYMBOL } from '../script/row-faults.ts'
import { eventList } from './event-list.ts'
import { effectiveQuery, pageOf } from './paging.ts'
import { ok } from './polygon-answer.ts'

const RULES = { path: '/v3/reference/splits', defaultLimit: 10, maxLimit: 1000 }
/** How many sessions an invented split may choose from. */
const RECENT_SESSIONS = 3

/** Splits that have happened, of one symbol or of all. */
export const splits: Endpoint = {
  vendor: 'polygon',
  name: 'splits',
  path: /^\/v3\/reference\/splits$/,
  symbols: ({ query }) => effectiveQuery(query).get('ticker')?.split(',') ?? null,
  async answer(question, { market, random }) {
    const found = await eventList(market, question, 'execution_date', (history) => {
      const { symbol, bars, finished } = history
      const recent = bars.slice(Math.max(0, finished - RECENT_SESSIONS), finished)
      const dates = () => recent.map(({ date }) => date)
      const { listed } = splitView(history.splits, dates, question.faultFor(symbol))
      return listed.map((split) => ({ ...split, ticker: symbol }))
    })
    const page = pageOf(faultyOrder(found, question.fault, random), question, RULES)
    const results = page.items.map(({ date, ratio, ticker }) => {
      const { numerator, denominator } = splitTerms(ratio)
      const isWrong = question.faultFor(ticker)?.kind === 'wrong_symbol'
      return {
        execution_date: date,
        split_from: denominator,
        split_to: numerator,
        ticker: isWrong ? WRONG_SYMBOL : ticker,
      }
    })
    return ok(question, { results, ...page.link })
  },
}
