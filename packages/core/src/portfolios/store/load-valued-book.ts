import { sql, type Kysely } from 'kysely'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import { exposureBook, selectDeltaDollars, type ValuedBook } from '../../exposures/index.ts'
import { openingEquity, parseCents, valueBook } from '../../pnl/index.ts'
import { loadBooks } from './load-books.ts'
import { loadPortfolioPrices } from './load-portfolio-prices.ts'

/**
 * The open lots of a portfolio on a date that has a complete snapshot, valued as that snapshot values them,
 * options with the Greeks that are stored. Null without such a snapshot.
 */
export async function loadValuedBook(
  db: Kysely<Tables>,
  portfolioId: string,
  date: SessionDate,
): Promise<ValuedBook | null> {
  const snapshot = await selectSnapshot(db, portfolioId, date)
  if (snapshot === null) return null
  const { firstSnapshot, equityAsOf, equity } = snapshot
  const loaded = await loadBooks(db, [
    { portfolioId, firstSnapshot, equityAsOf, fromInception: false },
  ])
  const book = loaded.get(portfolioId)?.book
  if (book === undefined) return null
  const prices = await loadPortfolioPrices(db, [book], { from: date, to: date })
  const opening = openingEquity(book, prices)
  const value = valueBook(book, { date, prices, previous: null, openingEquity: opening })
  const valued = exposureBook(book, value, await selectDeltaDollars(db, date, [portfolioId]))
  // Marks follow from the date's prices, equity from those of the whole record: the snapshot has it.
  return { ...valued, equity: parseCents(equity) }
}

interface KnownSnapshot {
  readonly firstSnapshot: SessionDate
  readonly equityAsOf: IsoDate
  readonly equity: string
}

async function selectSnapshot(
  db: Kysely<Tables>,
  portfolioId: string,
  date: SessionDate,
): Promise<KnownSnapshot | null> {
  const { rows } = await sql<KnownSnapshot>`
    select first.snapshot_date as "firstSnapshot", s.equity_balance as equity,
           coalesce(f.equity_as_of, first.snapshot_date) as "equityAsOf"
    from portfolio_snapshots s
    join portfolios f on f.id = s.portfolio_id
    cross join lateral (
      select min(snapshot_date) as snapshot_date from portfolio_snapshots
      where portfolio_id = s.portfolio_id and is_complete
    ) first
    where s.portfolio_id = ${portfolioId} and s.snapshot_date = ${date} and s.is_complete
  `.execute(db)
  return rows[0] ?? null
}
