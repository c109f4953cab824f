import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import { UsageError } from '../../errors/index.ts'

/** Makes sure that a portfolio named on a command line exists and is active. Throws UsageError. */
export async function requirePortfolio(db: Kysely<Tables>, portfolioId: string): Promise<void> {
  const row = await db
    .selectFrom('portfolios')
    .select(['is_active', 'deleted_at'])
    .where('id', '=', portfolioId)
    .executeTakeFirst()
  if (row === undefined) throw new UsageError(`--portfolio-id ${portfolioId}: no such portfolio`)
  if (row.deleted_at !== null || !row.is_active) {
    throw new UsageError(`--portfolio-id ${portfolioId}: the portfolio is deleted or not active`)
  }
}
