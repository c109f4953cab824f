import { sql } from 'kysely'
import type { IsoDate } from '../calendar/iso-date.ts'
import type { EditFacts } from './edit-portfolio.ts'
import { notFound } from './edit-refused.ts'

/** Takes a lot out of the portfolio, as if it had never been entered; its rows stay, marked as deleted. */
export function deleteLot(positionId: string): EditFacts<string> {
  return async ({ db }, { portfolioId }) => {
    const { rows } = await sql<{ entry_date: IsoDate }>`
      update positions set deleted_at = now(), updated_at = now()
      where id = ${positionId} and portfolio_id = ${portfolioId} and deleted_at is null
      returning entry_date
    `.execute(db)
    const [row] = rows
    if (row === undefined) throw notFound('position', 'POSITION_NOT_FOUND')
    return { value: positionId, touched: row.entry_date }
  }
}
