import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Breach, CheckReport, CheckScope } from '../check-report.ts'
import { findBreaches, isInScope, PORTFOLIO } from './find-breaches.ts'

/** What each row must keep, in SQL. A rule that cannot be judged, for a null, is broken. */
export interface RowRule {
  readonly what: string
  readonly expected: string
  readonly actual: string
  readonly holds: string
}

export interface RuledRows {
  readonly check: string
  /** The rows, beginning with portfolios `f`, to be joined further. */
  readonly rows: RawBuilder<unknown>
  /** What rules need besides of each row. */
  readonly besides?: RawBuilder<unknown>
  /** The column with the date of a row. */
  readonly date: string
  readonly rules: readonly RowRule[]
}

/** Checks stored rows one by one. */
export function findBrokenRows(
  db: Kysely<Tables>,
  scope: CheckScope,
  { check, rows, besides = sql``, date, rules }: RuledRows,
): Promise<CheckReport> {
  const broken = rules.map(({ what, expected, actual, holds }) =>
    sql.raw(`select ${what}, (${expected})::text, (${actual})::text where (${holds}) is not true`),
  )
  return findBreaches(db, {
    check,
    checked: sql`select count(*) from ${rows} where ${isInScope(scope)}`,
    breaches: sql<Breach>`
      select ${PORTFOLIO}, ${sql.ref(date)} as date, b.what, b.expected, b.actual
      from ${rows} ${besides}
      cross join lateral (${sql.join(broken, sql` union all `)}) as b (what, expected, actual)
      where ${isInScope(scope)}
      order by f.name, f.id, ${sql.ref(date)}, b.what
    `,
  })
}
