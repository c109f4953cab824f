import { sql } from 'kysely'
import type { EditFacts } from './edit-portfolio.ts'
import { notFound } from './edit-refused.ts'

export interface LotChanges {
  readonly notes?: string | null
  readonly investmentSubtype?: string | null
}

/** Changes what no figure rests on. Quantity and entry change only by deleting the lot and entering it again. */
export function changeLot(positionId: string, changes: LotChanges): EditFacts<string> {
  return async ({ db }, { portfolioId }) => {
    const { notes, investmentSubtype } = changes
    const row = await db
      .updateTable('positions')
      .set({
        updated_at: sql<Date>`now()`,
        ...(notes === undefined ? {} : { notes }),
        ...(investmentSubtype === undefined ? {} : { investment_subtype: investmentSubtype }),
      })
      .where('id', '=', positionId)
      .where('portfolio_id', '=', portfolioId)
      .where('deleted_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (row === undefined) throw notFound('position', 'POSITION_NOT_FOUND')
    return { value: row.id, touched: null }
  }
}
