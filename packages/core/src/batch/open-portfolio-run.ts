import { sessionOnOrBefore, sessionsBack } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Database } from '../database/index.ts'
import { NO_HISTORY } from '../pnl/index.ts'
import { loadBooks, loadPortfolioPrices, type LoadedBook } from '../portfolios/index.ts'
import { LAST_SOLVED_SESSIONS } from '../options-pricing/index.ts'
import type { PlannedPortfolio } from './plan-portfolios.ts'
import type { PriceMemory } from './price-memory.ts'
import { bookRequest, PortfolioRun } from './portfolio-run.ts'
import type { RunRequest } from './run-request.ts'

/** Portfolios whose facts are read at once: rows as they come take several times what is kept of them. */
const PORTFOLIOS_PER_READ = 1_000

/** Reads what the dates of a portfolio run share: facts and prices. */
export async function openPortfolioRun(
  { db }: Database,
  { fromInception }: Pick<RunRequest, 'fromInception'>,
  planned: readonly PlannedPortfolio[],
  memory?: PriceMemory,
): Promise<PortfolioRun> {
  const requests = planned.map((portfolio) => bookRequest(portfolio, fromInception))
  const books = new Map<string, LoadedBook>()
  for (let start = 0; start < requests.length; start += PORTFOLIOS_PER_READ) {
    const some = await loadBooks(db, requests.slice(start, start + PORTFOLIOS_PER_READ))
    for (const [id, book] of some) books.set(id, book)
  }
  const range = priceRange(planned, books)
  const facts = [...books.values()].map(({ book }) => book)
  const held = (await memory?.closes()) ?? null
  const prices =
    range === null ? () => NO_HISTORY : await loadPortfolioPrices(db, facts, range, held)
  return new PortfolioRun({ planned, books, prices, fromInception })
}

/**
 * From a few sessions before the first that is computed, whose option closes may still count, or from a
 * first snapshot or earliest entry where a lot's recognition is still to be found, through the last session.
 */
function priceRange(
  planned: readonly PlannedPortfolio[],
  books: ReadonlyMap<string, LoadedBook>,
): { readonly from: SessionDate; readonly to: SessionDate } | null {
  const needed = planned.flatMap(({ id, sessions, firstSnapshot }) => {
    const book = books.get(id)?.book
    const isSettled = book?.lots.every(({ recognition }) => recognition !== null) ?? true
    return [
      ...sessions.slice(0, 1).map((first) => sessionsBack(first, LAST_SOLVED_SESSIONS)),
      ...sessions.slice(-1),
      ...(isSettled ? [] : [firstSnapshot]),
      ...(book?.record.kind === 'from_inception' ? inceptionDates(book) : []),
    ]
  })
  const sorted = needed.sort()
  const from = sorted[0]
  const to = sorted.at(-1)
  return from === undefined || to === undefined ? null : { from, to }
}

/** Dates whose prices a record from inception rests on. */
function inceptionDates({ record, lots }: LoadedBook['book']): readonly SessionDate[] {
  const entries = lots.map(({ entryDate }) => sessionOnOrBefore(entryDate))
  return record.kind === 'from_inception'
    ? [...entries, sessionOnOrBefore(record.equityAsOf)]
    : entries
}
