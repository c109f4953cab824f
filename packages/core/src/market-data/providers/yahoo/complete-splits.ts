import { addDays } from '../../../calendar/index.ts'
import type { IsoDate } from '../../../calendar/iso-date.ts'
import type { Ticker } from '../../../symbols/ticker.ts'
import { Malformed } from '../../calls/provider-errors.ts'
import type { ServedBar, ServedChart, Split } from './served-chart.ts'
import { UnknownLaterSplits } from './yahoo-errors.ts'

/**
 * Splits that are known from elsewhere (stored ones, another provider): every one of the symbol with an
 * ex-date after `after` up to now, or null when they are not all known.
 */
export type LaterSplits = (symbol: Ticker, after: IsoDate) => Promise<readonly Split[] | null>

/** A last bar so close to the last trade shows that no window was cut off before now. */
const DAYS_TO_LAST_TRADE = 7
/** Smaller splits cannot be told from a day's move. */
const TELLING_SPLIT = Math.log(1.5)

/**
 * Every split that the served prices carry. Yahoo lists those inside the answer's window, but restates
 * for all up to now. We ask through now, so the list is complete when the answer does reach to the last
 * trade; one that ends earlier is completed by the splits known from elsewhere.
 *
 * @throws UnknownLaterSplits when they are not all known, or when one is listed after the last bar (on
 *   the eve and on the morning of a split the prices may or may not carry it); Malformed when the prices
 *   do not carry a listed split
 */
export async function completeSplits(
  symbol: Ticker,
  chart: ServedChart,
  bars: readonly ServedBar[],
  laterSplits: LaterSplits,
): Promise<readonly Split[]> {
  const [first] = bars
  const last = bars.at(-1)
  if (first === undefined || last === undefined) return chart.splits
  if (reachesLastTrade(chart, last)) {
    const ahead = chart.splits.find(({ date }) => date > last.date)
    if (ahead !== undefined) {
      const detail = `the split of ${ahead.date} is listed, but no later bar shows whether prices carry it`
      throw new UnknownLaterSplits(detail)
    }
    requireCarried(chart.splits, bars)
    return chart.splits
  }
  const known = await laterSplits(symbol, first.date)
  if (known === null) {
    const until = chart.lastTrade?.date ?? 'now'
    const detail = `the answer ends on ${last.date}; its prices carry all splits up to ${until}, which are not known`
    throw new UnknownLaterSplits(detail)
  }
  const listed = new Set(chart.splits.map(({ date }) => date))
  const splits = [...chart.splits, ...known.filter(({ date }) => !listed.has(date))]
  requireCarried(splits, bars)
  return splits
}

function reachesLastTrade({ lastTrade }: ServedChart, last: ServedBar): boolean {
  return lastTrade !== null && last.date >= addDays(lastTrade.date, -DAYS_TO_LAST_TRADE)
}

/**
 * A restated series runs on through a split; one that was not restated jumps by its ratio. A jump within
 * a quarter of the ratio (in logarithms) counts as that.
 */
function requireCarried(splits: readonly Split[], bars: readonly ServedBar[]): void {
  for (const { date, ratio } of splits) {
    const size = Math.log(ratio)
    if (Math.abs(size) < TELLING_SPLIT) continue
    const after = bars.findIndex((bar) => bar.date >= date)
    const before = bars[after - 1]?.close
    const close = bars[after]?.close
    if (!isPrice(before) || !isPrice(close)) continue
    if (Math.abs(Math.log(before / close) - size) > Math.abs(size) / 4) continue
    throw new Malformed(
      `yahoo lists a split of ${ratio} on ${date}, but its earlier prices do not carry it`,
      'chart.result.0.events.splits',
    )
  }
}

function isPrice(close: number | null | undefined): close is number {
  return close !== null && close !== undefined && close > 0
}
