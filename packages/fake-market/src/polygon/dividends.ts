import type { Endpoint } from '../http/endpoint.ts'
import { addDays } from '../market/dates.ts'
import { faultyOrder, WRONG_SYMBOL } from '../script/row-faults.ts'
import { eventList } from './event-list.ts'
import { effectiveQuery, pageOf } from './paging.ts'
import { ok } from './polygon-answer.ts'

const RULES = { path: '/v3/reference/dividends', defaultLimit: 10, maxLimit: 1000 }

/** Cash dividends that have gone ex, of one symbol or of all; never restated. */
export const dividends: Endpoint = {
  vendor: 'polygon',
  name: 'dividends',
  path: /^\/v3\/reference\/dividends$/,
  symbols: ({ query }) => effectiveQuery(query).get('ticker')?.split(',') ?? null,
  async answer(question, { market, random }) {
    const found = await eventList(market, question, 'ex_dividend_date', (history) =>
      history.dividends.map(({ date, amount }) => ({ date, amount, ticker: history.symbol })),
    )
    const page = pageOf(faultyOrder(found, question.fault, random), question, RULES)
    const results = page.items.map(({ date, amount, ticker }) => ({
      cash_amount: amount,
      declaration_date: addDays(date, -14),
      dividend_type: 'CD',
      ex_dividend_date: date,
      frequency: 4,
      pay_date: addDays(date, 14),
      record_date: addDays(date, 1),
      ticker: question.faultFor(ticker)?.kind === 'wrong_symbol' ? WRONG_SYMBOL : ticker,
    }))
    return ok(question, { results, ...page.link })
  },
}
