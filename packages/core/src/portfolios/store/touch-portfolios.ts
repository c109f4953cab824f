import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** Gives portfolios a new version, so that every instance forgets the answers it remembers of them. */
export async function touchPortfolios(
  db: Kysely<Tables>,
  portfolioIds: readonly string[],
): Promise<void> {
  // Rows are locked in the order that everybody locks them in.
  await sql`
    with locked as (
      select id from portfolios where id = any(${portfolioIds}::uuid[]) order by id for update
    )
    update portfolios p
    set updated_at = greatest(clock_timestamp(), p.updated_at + interval '1 microsecond')
    from locked
    where p.id = locked.id
  `.execute(db)
}
