import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Breach, CheckReport, CheckScope } from '../check-report.ts'
import { completeSnapshots } from './complete-snapshots.ts'
import { findBreaches, isInScope, PORTFOLIO } from './find-breaches.ts'

/**
 * Portfolios that have not exactly one stress result per scenario, and results whose reason their snapshot
 * contradicts.
 *
 * @param scenarioIds those that are active and usable
 */
export async function findStressGaps(
  db: Kysely<Tables>,
  scope: CheckScope & { readonly date: SessionDate },
  scenarioIds: readonly string[],
): Promise<CheckReport> {
  const { date } = scope
  const snapshots = sql`from ${completeSnapshots(date)}`
  return findBreaches(db, {
    check: 'stress_rows',
    checked: sql`select count(*) ${snapshots} where ${isInScope(scope)}`,
    breaches: sql<Breach>`
      select ${PORTFOLIO}, s.snapshot_date as date, b.what, b.expected, b.actual
      ${snapshots}
      cross join lateral (
        select count(*) filter (where r.scenario_id = any(${scenarioIds}::text[])) as known,
               count(*) as rows,
               min(r.scenario_id) filter (where
                 r.reason = 'no_active_positions' and s.num_positions > 0
                 or r.reason = 'insufficient_marks' and s.positions_missing = 0
                 or r.reason is null and s.num_positions = 0) as contradicted
        from stress_test_results r
        where r.portfolio_id = f.id and r.calculation_date = ${date}
      ) found
      cross join lateral (values
        (found.known <> ${scenarioIds.length} or found.rows <> found.known, 'stress results',
         ${`${scenarioIds.length} scenarios`}, found.rows || ' rows, ' || found.known || ' of them scenarios'),
        (found.contradicted is not null, 'stress by ' || found.contradicted,
         'a reason that the snapshot allows', null)
      ) as b (is_broken, what, expected, actual)
      where ${isInScope(scope)} and b.is_broken
      order by f.name, f.id
    `,
  })
}
