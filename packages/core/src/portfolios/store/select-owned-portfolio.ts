import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** A portfolio that somebody may see. */
export interface OwnedPortfolio {
  readonly id: string
  readonly name: string
  /** Changes with every edit of the portfolio or of anything in it, whichever process makes it. */
  readonly version: string
}

/** A user's own undeleted portfolio; null when it is another's or there is none of that id. */
export async function selectOwnedPortfolio(
  db: Kysely<Tables>,
  userId: string,
  portfolioId: string,
): Promise<OwnedPortfolio | null> {
  const { rows } = await sql<OwnedPortfolio>`
    select id, name, extract(epoch from updated_at)::text as version
    from portfolios
    where id = ${portfolioId} and user_id = ${userId} and deleted_at is null
  `.execute(db)
  return rows[0] ?? null
}
