import { sql } from 'kysely'
import { errorCode } from '../database/error-code.ts'
import type { EditFacts } from './edit-portfolio.ts'
import { EditRefused } from './edit-refused.ts'

export interface PortfolioChanges {
  readonly name?: string
  readonly accountName?: string
  readonly accountType?: string
  readonly description?: string | null
}

const UNIQUE_VIOLATION = '23505'

/** Changes how a portfolio is called. Throws EditRefused PORT_001 when the owner has an account of that name. */
export function changePortfolio(changes: PortfolioChanges): EditFacts<null> {
  return async ({ db }, { portfolioId }) => {
    const { name, accountName, accountType, description } = changes
    try {
      await db
        .updateTable('portfolios')
        .set({
          updated_at: sql<Date>`now()`,
          ...(name === undefined ? {} : { name }),
          ...(accountName === undefined ? {} : { account_name: accountName }),
          ...(accountType === undefined ? {} : { account_type: accountType }),
          ...(description === undefined ? {} : { description }),
        })
        .where('id', '=', portfolioId)
        .execute()
    } catch (thrown) {
      if (errorCode(thrown) !== UNIQUE_VIOLATION) throw thrown
      throw new EditRefused('conflict', 'PORT_001', 'You have an account of this name already.')
    }
    return { value: null, touched: null }
  }
}

/** Takes a portfolio away; its rows stay, marked as deleted, and nobody sees them any more. */
export const deletePortfolio: EditFacts<null> = async ({ db }, { portfolioId }) => {
  await sql`
    update portfolios set deleted_at = now() where id = ${portfolioId}
  `.execute(db)
  return { value: null, touched: null }
}
