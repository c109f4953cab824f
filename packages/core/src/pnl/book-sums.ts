import { ExactSum } from './exact/exact-sum.ts'
import type { LotValue } from './lots/value-lot.ts'

/** The exact sums over the lots of a portfolio on a date, in trillionths of a dollar, and their counts. */
export class BookSums {
  readonly long = new ExactSum()
  readonly short = new ExactSum()
  readonly total = new ExactSum()
  readonly unrealized = new ExactSum()
  readonly realized = new ExactSum()
  readonly dividends = new ExactSum()
  readonly count = { long: 0, short: 0, stale: 0, missing: 0 }

  add(value: LotValue): void {
    this.total.add(value.total)
    this.realized.add(value.realized)
    this.dividends.add(value.dividends)
    if (value.open.n === 0n) return
    this.unrealized.add(value.unrealized)
    if (value.marketValue.n > 0n) this.long.add(value.marketValue)
    else this.short.add(value.marketValue)
    this.count[value.open.n > 0n ? 'long' : 'short']++
    const { status } = value.mark
    if (status === 'stale' || status === 'missing') this.count[status]++
  }
}
