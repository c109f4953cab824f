import type { Cents } from './exact/amounts.ts'
import { centsOf } from './exact/amounts.ts'
import { ExactSum } from './exact/exact-sum.ts'
import type { Book } from './facts.ts'
import { valueLot } from './lots/value-lot.ts'
import type { PriceSource } from './prices/symbol-history.ts'
import { flowsThrough } from './flows-through.ts'

/**
 * What equity is before any recognised gain and flow: initial_equity, or, from inception, initial_equity
 * − (T + C at `equity_as_of`), so that the equity of that date is what the user typed (chapter 50).
 * Constant for a portfolio as long as its facts are.
 *
 * From inception the prices must reach `equity_as_of`; whatever changes T or C there moves every snapshot.
 */
export function openingEquity(book: Book, prices: PriceSource): Cents {
  const { record } = book
  if (record.kind === 'snapshots') return record.initialEquity
  const date = record.equityAsOf
  const total = new ExactSum()
  for (const lot of book.lots) {
    if (lot.entryDate <= date) total.add(valueLot(lot, { date, record, prices }).total)
  }
  return (record.initialEquity - centsOf(total.total()) - flowsThrough(book, date)) as Cents
}
