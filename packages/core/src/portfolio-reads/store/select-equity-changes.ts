import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** Money that came or left. */
export interface EquityChangeRow {
  readonly id: string
  readonly change_type: 'CONTRIBUTION' | 'WITHDRAWAL'
  readonly amount: string
  readonly change_date: IsoDate
  readonly notes: string | null
  readonly created_at: Date
}

/** The undeleted flows of a portfolio, oldest first; or the one that is asked for. */
export async function selectEquityChanges(
  db: Kysely<Tables>,
  portfolioId: string,
  flowId: string | null,
): Promise<readonly EquityChangeRow[]> {
  const { rows } = await sql<EquityChangeRow>`
    select id, change_type, amount, change_date, notes, created_at
    from equity_changes
    where portfolio_id = ${portfolioId} and deleted_at is null
      and (${flowId}::uuid is null or id = ${flowId})
    order by change_date, created_at, id
  `.execute(db)
  return rows
}
