import type { IsoDate } from '../../../calendar/iso-date.ts'
import type { DailyBar } from '../../bar.ts'
import { asTradedPrice, asTradedVolume } from './as-traded-figures.ts'
import type { ServedBar, ServedChart, Split } from './served-chart.ts'

/**
 * Bars as traded from a chart that is restated to the basis of its moment: prices and dividends times
 * the splits after the day, volumes divided by them. A dividend on the ex-date of a split is on the new
 * basis already.
 *
 * Events on a day without a close are a row with close null; a day with neither is none, nor is the day
 * of a split after the last bar, which is known from elsewhere. No event listed = known to be none.
 * Sorted by date.
 *
 * @param bars one per date, sorted
 * @param splits every split from the first bar up to the moment of the answer
 */
export function asTradedBars(
  bars: readonly ServedBar[],
  dividends: ServedChart['dividends'],
  splits: readonly Split[],
): readonly DailyBar[] {
  const paid = sumByDate(dividends)
  const ratios = productByDate(splits)
  const byDate = new Map(bars.map((bar) => [bar.date, bar]))
  const dates = [...new Set([...byDate.keys(), ...paid.keys(), ...ratios.keys()])].sort()
  let later = 1
  const rows = dates.reverse().map((date): DailyBar => {
    const splitRatio = ratios.get(date) ?? 1
    const dividend = asTradedPrice(paid.get(date) ?? 0, later)
    const row = { date, ...pricesOf(byDate.get(date), later), dividend, splitRatio }
    later *= splitRatio
    return row
  })
  const last = bars.at(-1)?.date
  const isTold = ({ date, close, dividend, splitRatio }: DailyBar) =>
    close !== null || dividend !== 0 || (splitRatio !== 1 && (last === undefined || date < last))
  return rows.reverse().filter(isTold)
}

function pricesOf(bar: ServedBar | undefined, splits: number) {
  const price = (served: number | null = null) =>
    served === null ? null : asTradedPrice(served, splits)
  const volume = bar?.volume ?? null
  return {
    open: price(bar?.open),
    high: price(bar?.high),
    low: price(bar?.low),
    close: price(bar?.close),
    volume: volume === null ? null : asTradedVolume(volume, splits),
  }
}

function sumByDate(dividends: ServedChart['dividends']): ReadonlyMap<IsoDate, number> {
  const sums = new Map<IsoDate, number>()
  for (const { date, amount } of dividends) sums.set(date, (sums.get(date) ?? 0) + amount)
  return sums
}

function productByDate(splits: readonly Split[]): ReadonlyMap<IsoDate, number> {
  const products = new Map<IsoDate, number>()
  for (const { date, ratio } of splits) products.set(date, (products.get(date) ?? 1) * ratio)
  return products
}
