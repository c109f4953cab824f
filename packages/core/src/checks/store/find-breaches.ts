import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Breach, CheckReport, CheckScope } from '../check-report.ts'
import { ofHalfTheRows } from './of-half-the-rows.ts'

/** A check that is one statement. */
export interface BreachQuery {
  readonly check: string
  /** A number: how many rows are looked at. */
  readonly checked: RawBuilder<unknown>
  /** Columns as of `Breach`. */
  readonly breaches: RawBuilder<Breach>
}

export async function findBreaches(
  db: Kysely<Tables>,
  { check, checked, breaches }: BreachQuery,
): Promise<CheckReport> {
  const counted = await sql<{ rows: number }>`select (${checked})::int as rows`.execute(db)
  const { rows } = await breaches.execute(db)
  return { check, checked: counted.rows[0]?.rows ?? 0, breaches: rows }
}

/**
 * Portfolios `f` that are checked. In this form thousands of ids are hashed once and looked up, and the
 * planner cannot decide to look through them again for each row of something else.
 */
export function isInScope({ portfolioIds }: CheckScope): RawBuilder<unknown> {
  const isAsked =
    portfolioIds === null ? sql`` : sql`and f.id in (select unnest(${portfolioIds}::uuid[]))`
  return ofHalfTheRows(sql`f.deleted_at is null ${isAsked}`)
}

/** How a breach names its portfolio `f`. */
export const PORTFOLIO = sql`f.id as "portfolioId", f.name as portfolio`
