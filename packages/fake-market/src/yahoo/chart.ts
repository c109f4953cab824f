import { json, type Answer, type Endpoint, type Question, type World } from '../http/endpoint.ts'
import { knownHistory, type History } from '../market/history.ts'
import type { Split } from '../market/market.ts'
import {
  finishedDates,
  finishedRows,
  runningRow,
  splitFactor,
  type Pricing,
  type ServedRow,
  type Window,
} from '../market/served-row.ts'
import { faultyRows, splitView, WRONG_SYMBOL } from '../script/row-faults.ts'
import { splitTerms } from '../market/split-terms.ts'
import { chartMeta } from './chart-meta.ts'
import { isDelisted } from '../market/is-delisted.ts'
import { quoteFacts, yahooRound } from './quote-facts.ts'
import { fromYahoo } from './yahoo-symbol.ts'

/**
 * Daily bars with events: prices restated by every split up to now, events only of the asked window, a
 * running session as a bar at the instant of its last trade.
 */
export const chart: Endpoint = {
  vendor: 'yahoo',
  name: 'chart',
  path: /^\/v8\/finance\/chart\/([^/]+)$/,
  symbols: ({ path }) => path.map(fromYahoo),
  async answer(question, world) {
    const [asked = ''] = question.path
    const from = Number(question.query.get('period1') ?? Number.NaN) * 1000
    const to = Number(question.query.get('period2') ?? Number.NaN) * 1000
    if (question.query.get('interval') !== '1d') {
      return failed(422, 'Unprocessable Entity', 'interval=1d alone is served')
    }
    if (!(from < to)) return failed(400, 'Bad Request', 'Invalid input - the period is empty')
    const symbol = fromYahoo(asked)
    const history = await knownHistory(world.market, symbol, question.now)
    if (history === null || isDelisted(world.market, symbol, question.now)) {
      return failed(404, 'Not Found', 'No data found, symbol may be delisted')
    }
    if (history.times(history.bars[0]?.date ?? '').open >= to) {
      const dates = `startDate = ${from / 1000}, endDate = ${to / 1000}`
      return failed(400, 'Bad Request', `Data doesn't exist for ${dates}`)
    }
    return found(question, world, history, { from, to })
  },
}

/** Epoch ms; `to` is not included. */
interface Period {
  readonly from: number
  readonly to: number
}

function found(question: Question, world: World, history: History, period: Period): Answer {
  const { fault } = question
  const window: Window = {
    isBefore: (date) => history.times(date).open < period.from,
    isAfter: (date) => history.times(date).open >= period.to,
  }
  const splits = splitView(history.splits, () => finishedDates(history, window), fault)
  const pricing: Pricing = { restating: splits.restating, round: yahooRound }
  const isForced = fault?.kind === 'partial_bar'
  const running = runningRow(history, isForced, pricing)
  const isRunningWanted =
    running !== null && (isForced || (running.time >= period.from && running.time < period.to))
  const sound = finishedRows(history, window, pricing)
  const rows = faultyRows(isRunningWanted ? [...sound, running] : sound, fault, world.random)
  const facts = quoteFacts(history, world.market.source.profile?.(history.symbol) ?? null)
  const meta = chartMeta(history, facts, window)
  const events = eventsOf(history, splits.listed, window, question.query.get('events') ?? '')
  const result = {
    meta: fault?.kind === 'wrong_symbol' ? { ...meta, symbol: WRONG_SYMBOL } : meta,
    ...(rows.length > 0 && { timestamp: rows.map(({ time }) => Math.floor(time / 1000)) }),
    ...(events !== null && { events }),
    indicators: indicatorsOf(rows),
  }
  return json(200, { chart: { result: [result], error: null } })
}

function indicatorsOf(rows: readonly ServedRow[]) {
  if (rows.length === 0) return { quote: [{}], adjclose: [{}] }
  const quote = {
    close: rows.map(({ close }) => close),
    open: rows.map(({ open }) => open),
    volume: rows.map(({ volume }) => volume),
    high: rows.map(({ high }) => high),
    low: rows.map(({ low }) => low),
  }
  return { quote: [quote], adjclose: [{ adjclose: rows.map(({ adjusted }) => adjusted) }] }
}

/** The events of the window by their second; dividends are restated as prices are, to six decimals. */
function eventsOf(history: History, splits: readonly Split[], window: Window, asked: string) {
  const isInside = ({ date }: { readonly date: string }) =>
    !window.isBefore(date) && !window.isAfter(date)
  const second = (date: string) => Math.floor(history.times(date).open / 1000)
  const dividends = history.dividends.filter(isInside).map(({ date, amount }) => ({
    amount: Number((amount / splitFactor(history.splits, date)).toFixed(6)),
    date: second(date),
  }))
  const listed = splits.filter(isInside).map(({ date, ratio }) => {
    const { numerator, denominator } = splitTerms(ratio)
    return { date: second(date), numerator, denominator, splitRatio: `${numerator}:${denominator}` }
  })
  const events = {
    ...(asked.includes('div') && dividends.length > 0 && { dividends: bySecond(dividends) }),
    ...(asked.includes('split') && listed.length > 0 && { splits: bySecond(listed) }),
  }
  return Object.keys(events).length === 0 ? null : events
}

function bySecond<T extends { readonly date: number }>(events: readonly T[]): Record<string, T> {
  return Object.fromEntries(events.map((event) => [String(event.date), event]))
}

function failed(status: number, code: string, description: string): Answer {
  return json(status, { chart: { result: null, error: { code, description } } })
}
