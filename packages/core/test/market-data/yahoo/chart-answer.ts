import { DateTime } from 'luxon'
import type { Reply } from './yahoo-server.ts'

export interface ChartBar {
  readonly date: string
  readonly open?: number | null
  readonly high?: number | null
  readonly low?: number | null
  readonly close: number | null | string
  readonly volume?: number | null | string
  /** Time of day in the exchange's zone; the open unless said. */
  readonly time?: string
}

export interface ChartFacts {
  readonly symbol: string
  readonly bars: readonly ChartBar[]
  readonly zone?: string
  readonly dividends?: Readonly<Record<string, number>>
  readonly capitalGains?: Readonly<Record<string, number>>
  /** Numerator and denominator by ex-date. */
  readonly splits?: Readonly<Record<string, readonly [number, number]>>
  /** Date and time of the last trade; the end of the last bar's session unless said. */
  readonly lastTrade?: string
}

const NEW_YORK = 'America/New_York'

/** A chart in Yahoo's shape. */
export function chartAnswer(facts: ChartFacts): Reply {
  const { symbol, bars, zone = NEW_YORK } = facts
  const stamp = (date: string, time: string) =>
    DateTime.fromISO(`${date}T${time}`, { zone }).toUnixInteger()
  const at = (date: string) => ({ date: stamp(date, '09:30') })
  const payments = (paid: Readonly<Record<string, number>> = {}) =>
    Object.fromEntries(
      Object.entries(paid).map(([date, amount]) => [
        String(at(date).date),
        { amount, ...at(date) },
      ]),
    )
  const lastTrade = facts.lastTrade ?? `${bars.at(-1)?.date ?? '2000-01-03'}T16:00`
  const meta = {
    symbol,
    currency: 'USD',
    exchangeTimezoneName: zone,
    gmtoffset: -18_000,
    regularMarketTime: DateTime.fromISO(lastTrade, { zone }).toUnixInteger(),
  }
  const splits = Object.entries(facts.splits ?? {}).map(([date, [numerator, denominator]]) => [
    String(at(date).date),
    { ...at(date), numerator, denominator, splitRatio: `${numerator}:${denominator}` },
  ])
  const column = (name: 'open' | 'high' | 'low' | 'close' | 'volume') =>
    bars.map((bar) => bar[name] ?? (name === 'volume' ? 1000 : bar.close))
  const quote = {
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: bars.map(({ close }) => close),
    volume: column('volume'),
  }
  const result = {
    meta,
    timestamp: bars.map(({ date, time }) => stamp(date, time ?? '09:30')),
    events: {
      dividends: payments(facts.dividends),
      capitalGains: payments(facts.capitalGains),
      splits: Object.fromEntries(splits) as unknown,
    },
    indicators: { quote: [quote] },
  }
  return { json: { chart: { result: [result], error: null } } }
}

/** An error in Yahoo's shape. */
export function errorAnswer(status: number, outer: string, description: string): Reply {
  const error = { code: 'Not Found', description }
  return { status, body: JSON.stringify({ [outer]: { result: null, error } }) }
}
