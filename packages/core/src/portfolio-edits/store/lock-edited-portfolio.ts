import { sql } from 'kysely'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Transaction } from '../../database/index.ts'
import type { EditedPortfolio } from '../edited-portfolio.ts'

/**
 * Takes the row lock of a portfolio, which every edit and every snapshot of it holds, and reads what an edit
 * needs. Snapshots that an earlier edit put out of date count: they are about to come back. Null when the
 * portfolio is gone.
 */
export async function lockEditedPortfolio(
  { db }: Transaction,
  portfolioId: string,
): Promise<EditedPortfolio | null> {
  const locked = await sql`
    select from portfolios where id = ${portfolioId} and deleted_at is null for update
  `.execute(db)
  if (locked.rows.length === 0) return null
  // A statement of its own: it sees what the holder of the lock before has committed.
  const { rows } = await sql<{
    initial_equity: string
    equity_as_of: IsoDate | null
    is_from_inception: boolean
    first: SessionDate | null
    latest: SessionDate | null
  }>`
    select f.initial_equity, f.equity_as_of, f.is_from_inception, s.first, s.latest
    from portfolios f
    cross join lateral (
      select min(snapshot_date)::date as first, max(snapshot_date)::date as latest
      from portfolio_snapshots where portfolio_id = f.id
    ) s
    where f.id = ${portfolioId}
  `.execute(db)
  const [row] = rows
  if (row === undefined) return null
  const { first, latest } = row
  return {
    portfolioId,
    initialEquity: row.initial_equity,
    equityAsOf: row.equity_as_of,
    isFromInception: row.is_from_inception,
    snapshots: first === null || latest === null ? null : { first, latest },
  }
}
