import { sql, type RawBuilder } from 'kysely'

/**
 * A condition in a form that the planner cannot estimate, so that it expects half of the rows to meet it.
 *
 * Its statistics do not know what was written a minute ago: asked for rows of tonight, for marks that
 * were all null before the first run, it expects none or a handful, joins everything else to them row by row,
 * and a check of a thousand portfolios takes seconds.
 */
export function ofHalfTheRows(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when ${condition} then true else false end`
}
