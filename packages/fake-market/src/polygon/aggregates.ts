import type { Endpoint } from '../http/endpoint.ts'
import { isDate } from '../market/dates.ts'
import { knownHistory } from '../market/history.ts'
import {
  finishedDates,
  finishedRows,
  runningRow,
  type Pricing,
  type ServedRow,
} from '../market/served-row.ts'
import { faultyRows, splitView, WRONG_SYMBOL } from '../script/row-faults.ts'
import { barRow, polygonRound } from './bar-row.ts'
import { effectiveQuery, pageOf } from './paging.ts'
import { badRequest, ok } from './polygon-answer.ts'

const DEFAULT_LIMIT = 5000
const MAX_LIMIT = 50_000

/** Daily bars of one stock or option contract (`O:…`) between two dates, both included. */
export const aggregates: Endpoint = {
  vendor: 'polygon',
  name: 'aggregates',
  path: /^\/v2\/aggs\/ticker\/([^/]+)\/range\/1\/day\/([^/]+)\/([^/]+)$/,
  symbols: ({ path: [ticker = ''] }) => [fromPolygon(ticker)],
  async answer(question, { market, random }) {
    const { path, now, fault } = question
    const [ticker = '', from = '', to = ''] = path
    if (!isDate(from) || !isDate(to)) return badRequest(`Could not parse the dates: ${from} ${to}`)
    const query = effectiveQuery(question.query)
    const isAdjusted = query.get('adjusted') !== 'false'
    const history = await knownHistory(market, fromPolygon(ticker), now)
    const window = {
      isBefore: (date: string) => date < from,
      isAfter: (date: string) => date > to,
    }
    let rows: readonly ServedRow[] = []
    if (history !== null) {
      const { restating } = splitView(history.splits, () => finishedDates(history, window), fault)
      const isRestated = isAdjusted || fault?.kind === 'restated_prices_without_split'
      const pricing: Pricing = { restating: isRestated ? restating : [], round: polygonRound }
      const isForced = fault?.kind === 'partial_bar'
      const running = runningRow(history, isForced, pricing)
      const sound = finishedRows(history, window, pricing)
      const isWanted =
        running !== null && (isForced || (running.date >= from && running.date <= to))
      rows = isWanted ? [...sound, running] : sound
    }
    const served = faultyRows(rows, fault, random).map((row) => ({
      ...barRow(row),
      t: market.times(row.date).midnight,
    }))
    const ordered = query.get('sort') === 'desc' ? served.toReversed() : served
    const rules = { path: pathOf(path), defaultLimit: DEFAULT_LIMIT, maxLimit: MAX_LIMIT }
    const page = pageOf(ordered, question, rules)
    return ok(question, {
      ticker: fault?.kind === 'wrong_symbol' ? WRONG_SYMBOL : ticker,
      queryCount: page.items.length,
      resultsCount: page.items.length,
      adjusted: isAdjusted,
      // Without bars there is no `results` at all.
      ...(page.items.length > 0 && { results: page.items, count: page.items.length }),
      ...page.link,
    })
  },
}

/** @example fromPolygon('O:F250620P00012500') // 'F250620P00012500' */
function fromPolygon(ticker: string): string {
  return ticker.replace(/^O:/, '')
}

function pathOf([ticker = '', from = '', to = '']: readonly string[]): string {
  return `/v2/aggs/ticker/${encodeURIComponent(ticker)}/range/1/day/${from}/${to}`
}
