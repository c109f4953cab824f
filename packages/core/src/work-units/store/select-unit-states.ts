import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { UnitKind } from '../work-unit.ts'

/** A unit as pg-boss knows it. */
export interface UnitState {
  readonly id: string
  readonly state: 'created' | 'retry' | 'active' | 'completed' | 'cancelled' | 'failed'
  /** How often it was tried again. */
  readonly retry_count: number
  /** What it came to, or why it failed; null before its end. */
  readonly output: unknown
}

/** How some units stand; without what is to be done in them, which is the bulk of their rows. */
export async function selectUnitStates(
  db: Kysely<Tables>,
  kind: UnitKind,
  ids: readonly string[],
): Promise<readonly UnitState[]> {
  const { rows } = await sql<UnitState>`
    select id, state, retry_count, output from pgboss.job
    where name = ${kind} and id = any(${ids}::uuid[])
  `.execute(db)
  return rows
}
