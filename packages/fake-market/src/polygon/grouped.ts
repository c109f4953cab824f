import type { Endpoint, Question, World } from '../http/endpoint.ts'
import { isDate } from '../market/dates.ts'
import { knownHistory, type History } from '../market/history.ts'
import type { Split } from '../market/market.ts'
import { finishedRows, runningRow, type Pricing, type ServedRow } from '../market/served-row.ts'
import { faultyRows } from '../script/row-faults.ts'
import { barRow, polygonRound } from './bar-row.ts'
import { badRequest, ok } from './polygon-answer.ts'

/** As if a split had followed that nobody lists. */
const LATER_SPLIT: Split = { date: '9999-12-31', ratio: 4 }

/** Every stock of one date in one answer; indices and option contracts are not among them. */
export const grouped: Endpoint = {
  vendor: 'polygon',
  name: 'grouped',
  path: /^\/v2\/aggs\/grouped\/locale\/us\/market\/stocks\/([^/]+)$/,
  symbols: () => null,
  async answer(question, world) {
    const [date = ''] = question.path
    if (!isDate(date)) return badRequest(`Could not parse the date: ${date}`)
    const isAdjusted = question.query.get('adjusted') !== 'false'
    const rows: ServedRow[] = []
    for (const symbol of world.market.source.symbols) {
      if (symbol.startsWith('^')) continue
      const history = await knownHistory(world.market, symbol, question.now)
      if (history === null) continue
      const sound = rowsOf(history, { date, isAdjusted }, question)
      rows.push(...faultyRows(sound, orderLess(question, symbol), world.random))
    }
    const results = ordered(rows, question, world).map((row) => ({
      T: row.symbol,
      ...barRow(row),
      t: world.market.times(row.date).close,
    }))
    return ok(question, {
      queryCount: results.length,
      resultsCount: results.length,
      adjusted: isAdjusted,
      ...(results.length > 0 && { results, count: results.length }),
    })
  },
}

function rowsOf(
  history: History,
  { date, isAdjusted }: { readonly date: string; readonly isAdjusted: boolean },
  { faultFor }: Question,
): readonly ServedRow[] {
  const fault = faultFor(history.symbol)
  const isRestated = fault?.kind === 'restated_prices_without_split'
  const known = isAdjusted || isRestated ? history.splits : []
  const pricing: Pricing = {
    restating:
      isRestated && !known.some((split) => split.date > date) ? [...known, LATER_SPLIT] : known,
    round: polygonRound,
  }
  const window = { isBefore: (day: string) => day < date, isAfter: (day: string) => day > date }
  // As a fault, the running day comes in place of the one that was asked for.
  const isForced = fault?.kind === 'partial_bar'
  const running = runningRow(history, isForced, pricing)
  if (running !== null && (running.date === date || isForced)) return [running]
  return finishedRows(history, window, pricing)
}

/** A fault of order is the whole list's, not one row's. */
function isOrder({ fault }: Question): boolean {
  return fault?.kind === 'duplicate_days' || fault?.kind === 'unsorted_days'
}

function orderLess(question: Question, symbol: string) {
  return isOrder(question) ? null : question.faultFor(symbol)
}

function ordered(rows: readonly ServedRow[], question: Question, { random }: World) {
  return isOrder(question) ? faultyRows(rows, question.fault, random) : rows
}
