import type { IsoDate } from '../calendar/iso-date.ts'
import type { Book, BookValue, Lot, LotFigures, Micros } from '../pnl/index.ts'
import type { LotDay } from './lot-day.ts'

const CONTRACT_MULTIPLIER = 100

/** The days of a book between two of its snapshots. */
export interface LotDaysQuery {
  /** The earlier snapshot, exclusive, and the later one, inclusive. */
  readonly after: IsoDate
  readonly through: IsoDate
  readonly previous: BookValue
  readonly value: BookValue
}

/**
 * What happened to each lot between two snapshots, from the facts and the values at both ends. Lots that
 * were closed before are left out.
 *
 * A closing counts on the share basis of the later snapshot: between two neighbouring sessions only one
 * that is dated on a day without trading could have another.
 */
export function lotDays(book: Book, query: LotDaysQuery): readonly LotDay[] {
  const { after, through, previous, value } = query
  const before = new Map(previous.lots.map((lot) => [lot.lotId, lot]))
  const now = new Map(value.lots.map((lot) => [lot.lotId, lot]))
  return book.lots.flatMap((lot): readonly LotDay[] => {
    const figures = now.get(lot.id)
    if (figures === undefined) return []
    const isNew = lot.entryDate > after
    const held = before.get(lot.id)
    const closings = lot.events.filter(({ tradeDate }) => tradeDate > after && tradeDate <= through)
    if (!isNew && !figures.isOpen && closings.length === 0) return []
    return [lotDay(lot, figures, { isNew, held, closings })]
  })
}

interface Changes {
  readonly isNew: boolean
  readonly held: LotFigures | undefined
  readonly closings: Lot['events']
}

function lotDay(lot: Lot, figures: LotFigures, { isNew, held, closings }: Changes): LotDay {
  const multiplier = lot.investmentClass === 'OPTIONS' ? CONTRACT_MULTIPLIER : 1
  const mark = numberOf(figures.lastPrice)
  const side = lot.quantity < 0n ? -multiplier : multiplier
  let [proceeds, closedAtMark] = [0, 0]
  for (const { quantityClosed, exitPrice, reason } of closings) {
    const quantity = side * numberOf(quantityClosed)
    proceeds += quantity * numberOf(exitPrice)
    closedAtMark += quantity * (reason === 'expiry' ? numberOf(exitPrice) : mark)
  }
  return {
    investmentClass: lot.investmentClass,
    previousValue: isNew ? null : Number(held?.marketValue ?? 0n) / 100,
    value: Number(figures.marketValue) / 100,
    cost: isNew ? multiplier * numberOf(lot.quantity) * numberOf(lot.entryPrice) : 0,
    proceeds,
    closedAtMark,
  }
}

function numberOf(micros: Micros): number {
  return Number(micros) / 1_000_000
}
