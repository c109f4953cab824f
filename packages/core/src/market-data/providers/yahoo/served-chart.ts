import { z } from 'zod'
import type { IsoDate } from '../../../calendar/iso-date.ts'
import { splitRatioFromDecimal } from '../../../returns/split-ratio.ts'
import { Malformed } from '../../calls/provider-errors.ts'
import { epoch, figure, readAnswer } from './read-answer.ts'
import type { ZoneDates } from './zone-dates.ts'

/** One day as Yahoo serves it: prices and volume on the share basis of the moment of the answer. */
export interface ServedBar {
  readonly date: IsoDate
  /** Seconds since 1970: the session's open, or the last trade for a running or just ended session. */
  readonly stamp: number
  readonly open: number | null
  readonly high: number | null
  readonly low: number | null
  readonly close: number | null
  readonly volume: number | null
}

/** A split, known from whomever. */
export interface Split {
  /** Ex-date: the first day on the new share basis. */
  readonly date: IsoDate
  /** New shares per old share. */
  readonly ratio: number
}

export interface ServedDividend {
  readonly date: IsoDate
  /** Cash per share of the basis at the moment of the answer. */
  readonly amount: number
}

/** A chart as served, dates in the exchange's zone, nothing sorted. */
export interface ServedChart {
  readonly bars: readonly ServedBar[]
  readonly splits: readonly Split[]
  readonly dividends: readonly ServedDividend[]
  /** When the symbol last traded, whatever was asked for; null when the answer does not say. */
  readonly lastTrade: { readonly date: IsoDate; readonly stamp: number } | null
}

const series = z.array(figure).optional()

const payment = z.object({ date: epoch, amount: z.number() })
const payments = z.record(z.string(), payment).optional()

const chartSchema = z.object({
  meta: z.object({
    symbol: z.string(),
    exchangeTimezoneName: z.string(),
    regularMarketTime: epoch.nullish(),
  }),
  timestamp: z.array(epoch).nullish(),
  events: z
    .object({
      dividends: payments,
      /** What funds pay out of realized gains. */
      capitalGains: payments,
      splits: z
        .record(
          z.string(),
          z.object({ date: epoch, numerator: z.number(), denominator: z.number() }),
        )
        .optional(),
    })
    .nullish(),
  indicators: z.object({
    quote: z.array(
      z.object({ open: series, high: series, low: series, close: series, volume: series }),
    ),
  }),
})

type Prices = z.infer<typeof chartSchema>['indicators']['quote'][number]

/**
 * Reads the client's chart (its `object` form). A day's date is the date of its stamp in the exchange's
 * zone: `meta.gmtoffset` is today's offset and wrong for half of the year.
 *
 * Missing data: a value that is no number is null; so is an open, high or low of 0, which is how Yahoo
 * says that there is none.
 *
 * @throws Malformed, also when the answer is about another symbol
 */
export function readChart(answer: unknown, yahooSymbol: string, dates: ZoneDates): ServedChart {
  const { meta, timestamp, events, indicators } = readAnswer(chartSchema, answer, 'chart.result.0')
  if (meta.symbol.toUpperCase() !== yahooSymbol.toUpperCase()) {
    throw new Malformed(
      `yahoo answered for ${meta.symbol} instead of ${yahooSymbol}`,
      'chart.result.0.meta.symbol',
    )
  }
  const dateOf = (stamp: number) => dates.dateOf(stamp, meta.exchangeTimezoneName)
  const traded = meta.regularMarketTime ?? null
  return {
    bars: readBars(timestamp ?? [], indicators.quote[0] ?? {}, dateOf),
    splits: Object.values(events?.splits ?? {}).map(({ date, numerator, denominator }) => ({
      date: dateOf(date),
      ratio: splitRatio(numerator, denominator),
    })),
    dividends: [events?.dividends, events?.capitalGains].flatMap((paid) =>
      Object.values(paid ?? {}).map(({ date, amount }) => ({ date: dateOf(date), amount })),
    ),
    lastTrade: traded === null ? null : { date: dateOf(traded), stamp: traded },
  }
}

function readBars(
  stamps: readonly number[],
  prices: Prices,
  dateOf: (stamp: number) => IsoDate,
): readonly ServedBar[] {
  for (const [name, values] of Object.entries(prices)) {
    if (values === undefined || values.length === stamps.length) continue
    const path = `chart.result.0.indicators.quote.0.${name}`
    throw new Malformed(`yahoo gave ${values.length} values for ${stamps.length} days`, path)
  }
  const at = (values: readonly (number | null)[] | undefined, i: number) => values?.[i] ?? null
  const priceAt = (values: readonly (number | null)[] | undefined, i: number) =>
    at(values, i) === 0 ? null : at(values, i)
  return stamps.map((stamp, i) => ({
    date: dateOf(stamp),
    stamp,
    open: priceAt(prices.open, i),
    high: priceAt(prices.high, i),
    low: priceAt(prices.low, i),
    close: at(prices.close, i),
    volume: at(prices.volume, i),
  }))
}

function splitRatio(numerator: number, denominator: number): number {
  const ratio = numerator / denominator
  if (ratio > 0 && ratio < Infinity) return splitRatioFromDecimal(ratio)
  throw new Malformed(
    `yahoo lists a split of ${numerator}:${denominator}`,
    'chart.result.0.events.splits',
  )
}
