import { addDays, daysBetween } from '../../../calendar/index.ts'
import type { IsoDate } from '../../../calendar/iso-date.ts'
import type { Clock } from '../../../clock/clock.ts'
import type { Logger } from '../../../logging/index.ts'
import type { DailyBar } from '../../bar.ts'
import { Delisted } from '../../calls/provider-errors.ts'
import type { BarRequest } from '../../provider.ts'
import { asTradedBars } from './as-traded-bars.ts'
import { completeSplits, type LaterSplits } from './complete-splits.ts'
import { oneBarPerDate } from './one-bar-per-date.ts'
import { readChart, type ServedChart } from './served-chart.ts'
import type { YahooClient } from './yahoo-client.ts'
import { NothingServed } from './yahoo-errors.ts'
import { toYahooSymbol } from './yahoo-symbol.ts'
import type { ZoneDates } from './zone-dates.ts'

export interface BarSource {
  readonly client: YahooClient
  readonly clock: Clock
  readonly log: Logger
  readonly laterSplits: LaterSplits
  readonly dates: ZoneDates
}

/** Enough to have the bar before the first day, against which a split on it is checked. */
const DAYS_BEFORE = 7
/** A symbol that has not traded for so long is taken for delisted. */
const DELISTED_AFTER_DAYS = 30

/**
 * A symbol's bars as traded, by one call that asks from shortly before the first day through now
 * (whatever the last day is, since later splits are in its prices too), cut to the days asked.
 *
 * Quotes, which bring a hundred symbols a call, cannot stand in for it: they tell neither whether a
 * dividend went ex that day nor whether the stored sessions were corrected.
 *
 * @throws YahooError when there are none; the signal's reason when aborted
 */
export async function fetchBars(
  { client, clock, log, laterSplits, dates }: BarSource,
  { symbol, from, to }: BarRequest,
  signal: AbortSignal,
): Promise<readonly DailyBar[]> {
  const now = clock.now()
  const yahooSymbol = toYahooSymbol(symbol)
  const period = {
    period1: new Date(`${addDays(from, -DAYS_BEFORE)}T00:00:00Z`),
    period2: now.toJSDate(),
  }
  const answer = await client.ask(
    (yahoo, options) =>
      yahoo.chart(
        encodeURIComponent(yahooSymbol),
        {
          ...period,
          interval: '1d',
          events: 'div|split|capitalGains',
          includePrePost: false,
          return: 'object',
        },
        options,
      ),
    { signal },
  )
  const chart = readChart(answer, yahooSymbol, dates)
  const { bars, conflicts } = oneBarPerDate(chart)
  if (conflicts.length > 0) log.warn({ symbol, dates: conflicts }, 'yahoo_bars_conflict')
  const splits = await completeSplits(symbol, chart, bars, laterSplits)
  const rows = asTradedBars(bars, chart.dividends, splits).filter(
    ({ date }) => date >= from && date <= to,
  )
  if (rows.length === 0) throw nothingOf(chart, from, now.toISODate() as IsoDate)
  return rows
}

function nothingOf({ lastTrade }: ServedChart, from: IsoDate, today: IsoDate) {
  const isOver =
    lastTrade !== null &&
    lastTrade.date < from &&
    daysBetween(lastTrade.date, today) > DELISTED_AFTER_DAYS
  return isOver
    ? new Delisted(`yahoo has no trade of it after ${lastTrade.date}`)
    : new NothingServed('yahoo has no bars of these days')
}
