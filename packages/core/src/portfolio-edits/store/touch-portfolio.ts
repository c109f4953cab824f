import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** Gives a portfolio a new version, so that every instance forgets the answers it remembers of it. */
export async function touchPortfolio(db: Kysely<Tables>, portfolioId: string): Promise<void> {
  await sql`
    update portfolios
    set updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')
    where id = ${portfolioId}
  `.execute(db)
}
