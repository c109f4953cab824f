import type { IsoDate } from '../calendar/iso-date.ts'
import { centsOf, type Cents } from './exact/amounts.ts'
import { BookSums } from './book-sums.ts'
import { minus, plus } from './exact/fraction.ts'
import type { Book } from './facts.ts'
import { flowsThrough } from './flows-through.ts'
import { lotFigures } from './lot-figures.ts'
import { valueLot } from './lots/value-lot.ts'
import type { PriceSource } from './prices/symbol-history.ts'
import type { BookValue, LotFigures, RunningTotals, SnapshotFigures } from './snapshot-figures.ts'

export interface BookQuery {
  readonly date: IsoDate
  readonly prices: PriceSource
  /** The latest complete snapshot before the date, whatever the gap; null before the first. */
  readonly previous: RunningTotals | null
  /** What `openingEquity` answers for the book. */
  readonly openingEquity: Cents
}

/**
 * What a portfolio is worth at the end of a date, what it gained since its previous snapshot, and how each
 * lot is valued (chapter 50): a function of facts alone.
 *
 * Amounts are exact sums over all lots, rounded once to cents, half away from zero. Differences are taken
 * between rounded figures, so that for any two snapshots equity − previous equity = P&L + flow, and on
 * each cash + net exposure = NAV, without a cent of difference.
 *
 * Missing data: a lot without a close is valued at its recognition or entry price and counted as missing.
 */
export function valueBook(book: Book, query: BookQuery): BookValue {
  const { date, prices } = query
  const sums = new BookSums()
  const lots: LotFigures[] = []
  for (const lot of book.lots) {
    if (lot.entryDate > date) continue
    const value = valueLot(lot, { date, prices, record: book.record })
    sums.add(value)
    lots.push(lotFigures(lot, value, query))
  }
  const cumulativeCapitalFlow = flowsThrough(book, date)
  return { snapshot: snapshotFigures(sums, cumulativeCapitalFlow, query), lots }
}

function snapshotFigures(
  { count, ...sums }: BookSums,
  cumulativeCapitalFlow: Cents,
  { previous, openingEquity }: BookQuery,
): SnapshotFigures {
  const long = sums.long.total()
  const short = sums.short.total()
  const cumulativePnl = centsOf(sums.total.total())
  const cumulativeRealizedPnl = centsOf(sums.realized.total())
  const cumulativeDividends = centsOf(sums.dividends.total())
  const equityBalance = (openingEquity + cumulativePnl + cumulativeCapitalFlow) as Cents
  const netExposure = centsOf(plus(long, short))
  const dailyPnl = difference(cumulativePnl, previous?.cumulativePnl)
  const dailyCapitalFlow = difference(cumulativeCapitalFlow, previous?.cumulativeCapitalFlow)
  return {
    equityBalance,
    netAssetValue: equityBalance,
    cashValue: difference(equityBalance, netExposure),
    longValue: centsOf(long),
    shortValue: centsOf(short),
    grossExposure: centsOf(minus(long, short)),
    netExposure,
    dailyPnl,
    dailyReturn:
      previous === null ? null : dailyReturn(dailyPnl, previous.equityBalance + dailyCapitalFlow),
    cumulativePnl,
    unrealizedPnl: centsOf(sums.unrealized.total()),
    dailyRealizedPnl: difference(cumulativeRealizedPnl, previous?.cumulativeRealizedPnl),
    cumulativeRealizedPnl,
    dailyDividends: difference(cumulativeDividends, previous?.cumulativeDividends),
    cumulativeDividends,
    dailyCapitalFlow,
    cumulativeCapitalFlow,
    numPositions: count.long + count.short,
    numLongPositions: count.long,
    numShortPositions: count.short,
    positionsStale: count.stale,
    positionsMissing: count.missing,
    isPartial: count.missing > 0,
  }
}

/** What is left of the previous figure is this day's; 0 before the first snapshot. */
function difference(now: Cents, before: Cents = 0n as Cents): Cents {
  return (now - before) as Cents
}

/** A day's P&L as a fraction of what was there to earn it; statistics are floating point. */
function dailyReturn(dailyPnl: Cents, base: bigint): number | null {
  return base > 0n ? Number(dailyPnl) / Number(base) : null
}
