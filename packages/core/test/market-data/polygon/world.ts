import { DateTime } from 'luxon'
import type { Answer } from './vendor.ts'

/** The four sessions of the world, whose bars are those of `close`. */
export const SESSIONS = ['2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05'] as const
export const FROM = '2024-01-02'
export const TO = '2024-01-05'

/** Closes by session; BBB splits 2:1 on the fourth and AAA pays twice on the third of January. */
export const CLOSES: Readonly<Record<string, readonly number[]>> = {
  AAA: [100, 99, 101, 102],
  BBB: [50, 51, 25, 26],
  'BRK.B': [360, 361, 362, 363],
}

export const SPLITS = [
  { ticker: 'BBB', execution_date: '2024-01-04', split_from: 1, split_to: 2 },
  { ticker: 'ZZZ', execution_date: '2024-01-04', split_from: 8, split_to: 1 },
]
export const DIVIDENDS = [
  dividend('AAA', '2024-01-03', 0.25, 'first'),
  dividend('AAA', '2024-01-03', 0.5, 'second'),
  dividend('ZZZ', '2024-01-05', 1, 'third'),
]

export function dividend(ticker: string, date: string, amount: number, id: string) {
  return { id, ticker, ex_dividend_date: date, cash_amount: amount, currency: 'USD' }
}

/** A day's aggregate, stamped with midnight in New York. */
export function aggregate(date: string, close: number) {
  const t = DateTime.fromISO(date, { zone: 'America/New_York' }).toMillis()
  return { t, o: close, h: close + 1, l: close - 1, c: close, v: 1000, vw: close, n: 10 }
}

export function aggregates(ticker: string, results: readonly unknown[]) {
  return { status: 'OK', ticker, adjusted: false, resultsCount: results.length, results }
}

export function grouped(results: readonly unknown[]) {
  return { status: 'OK', adjusted: false, resultsCount: results.length, results }
}

export function list(results: readonly unknown[]) {
  return { status: 'OK', results }
}

/** What a vendor of this world answers, as the real one would. */
export function answerOf(url: URL): Answer {
  const [, one, from, to] =
    /\/v2\/aggs\/ticker\/(.+)\/range\/1\/day\/(.+)\/(.+)$/.exec(url.pathname) ?? []
  if (one !== undefined) {
    const days = SESSIONS.map((date, i) => ({ date, close: closesOf(one)[i] }))
    const asked = days.filter(({ date }) => date >= (from ?? '') && date <= (to ?? ''))
    return aggregates(
      one,
      asked.flatMap(({ date, close }) => (close === undefined ? [] : aggregate(date, close))),
    )
  }
  const [, day] = /\/grouped\/locale\/us\/market\/stocks\/(.+)$/.exec(url.pathname) ?? []
  if (day !== undefined) {
    const index = SESSIONS.findIndex((date) => date === day)
    const all = Object.entries(CLOSES).map(([T, closes]) => ({
      T,
      ...aggregate(day, closes[index] ?? 0),
    }))
    return grouped([...all, { T: 'OTHER', ...aggregate(day, 7) }])
  }
  if (url.pathname.endsWith('/v3/reference/splits')) return list(filtered(url, SPLITS))
  if (url.pathname.endsWith('/v3/reference/dividends')) return list(filtered(url, DIVIDENDS))
  if (url.pathname.endsWith('/v3/reference/tickers')) {
    return list(
      url.searchParams.get('ticker') === 'GONE' ? [{ ticker: 'GONE', active: false }] : [],
    )
  }
  if (url.pathname.endsWith('/v3/reference/tickers/QUIET'))
    return { status: 'OK', results: { ticker: 'QUIET', active: true } }
  return (response) => response.writeHead(404).end('{"status":"NOT_FOUND"}')
}

function closesOf(ticker: string): readonly number[] {
  return ticker === 'O:AAA240119C00100000' ? [5, 4, 3, 2] : (CLOSES[ticker] ?? [])
}

/** The records of a list that a query asks for, by values and by ranges. */
export function filtered(
  url: URL,
  records: readonly Readonly<Record<string, unknown>>[],
): readonly object[] {
  return records.filter((record) =>
    [...url.searchParams].every(([name, value]) => {
      const [field = '', operator] = name.split('.')
      const own = String(record[field])
      if (field === 'limit') return true
      return operator === 'gte' ? own >= value : operator === 'lte' ? own <= value : own === value
    }),
  )
}
