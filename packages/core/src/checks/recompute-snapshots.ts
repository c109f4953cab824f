import type { Kysely } from 'kysely'
import { sessionOnOrBefore } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Tables } from '../database/index.ts'
import {
  openingEquity,
  valueBook,
  type Book,
  type BookValue,
  type PriceSource,
} from '../pnl/index.ts'
import { loadBooks, loadPortfolioPrices } from '../portfolios/index.ts'
import type { StoredSnapshot } from './store/select-stored-snapshots.ts'

/** A stored snapshot beside what the calculator makes of today's facts and prices. */
export interface RecomputedSnapshot {
  readonly stored: StoredSnapshot
  readonly book: Book
  readonly prices: PriceSource
  readonly value: BookValue
}

/** Portfolios read at a time, which bounds the memory of a check of thousands. */
const PORTFOLIOS_AT_A_TIME = 500

/** Computes stored snapshots anew by the pure calculator, reading facts and prices as a run does. */
export async function recomputeSnapshots(
  db: Kysely<Tables>,
  snapshots: readonly StoredSnapshot[],
): Promise<readonly RecomputedSnapshot[]> {
  const recomputed: RecomputedSnapshot[] = []
  for (let start = 0; start < snapshots.length; start += PORTFOLIOS_AT_A_TIME) {
    const part = snapshots.slice(start, start + PORTFOLIOS_AT_A_TIME)
    const books = await loadBooks(
      db,
      part.map(({ portfolioId, firstSnapshot, equityAsOf }) => {
        return { portfolioId, firstSnapshot, equityAsOf, fromInception: false }
      }),
    )
    const loaded = part.flatMap((stored) => {
      const book = books.get(stored.portfolioId)?.book
      return book === undefined ? [] : [{ stored, book }]
    })
    const range = rangeOf(loaded)
    if (range === null) continue
    const loadedBooks = loaded.map(({ book }) => book)
    const prices = await loadPortfolioPrices(db, loadedBooks, range)
    for (const { stored, book } of loaded) {
      const { date, previous } = stored
      const opening = openingEquity(book, prices)
      const value = valueBook(book, { date, prices, previous, openingEquity: opening })
      recomputed.push({ stored, book, prices, value })
    }
  }
  return recomputed
}

/**
 * The sessions whose closes are needed: those of the snapshots, back to the first one of a portfolio with a
 * lot whose recognition is to be found, and `equity_as_of` of a record from inception. Null for no books.
 */
function rangeOf(
  loaded: readonly { readonly stored: StoredSnapshot; readonly book: Book }[],
): { readonly from: SessionDate; readonly to: SessionDate } | null {
  const needed = loaded
    .flatMap(({ stored: { date, firstSnapshot }, book: { lots, record } }) => {
      const hasUnrecognised = lots.some(({ recognition }) => recognition === null)
      const anchor = record.kind === 'from_inception' ? [sessionOnOrBefore(record.equityAsOf)] : []
      return [date, ...anchor, ...(hasUnrecognised ? [firstSnapshot] : [])]
    })
    .sort()
  const [from] = needed
  const to = needed.at(-1)
  return from === undefined || to === undefined ? null : { from, to }
}
