import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { CheckReport, CheckScope } from '../check-report.ts'
import { findBrokenRows, type RowRule } from './find-broken-rows.ts'

const CORRELATION_RULES: readonly RowRule[] = [
  {
    what: "'matrix'",
    expected: "x.size * (x.size - 1) / 2 || ' correlations from -1 to 1'",
    actual:
      "cardinality(c.matrix) || ' from ' || coalesce(x.least, 0) || ' to ' || coalesce(x.greatest, 0)",
    holds:
      'cardinality(c.matrix) = x.size * (x.size - 1) / 2 and coalesce(x.least, 0) >= -1 and coalesce(x.greatest, 0) <= 1',
  },
  {
    what: "'symbols'",
    expected: "'in ascending order, each once'",
    actual: 'c.symbols::text',
    holds: 'c.symbols = x.sorted',
  },
  {
    what: "'positions_included'",
    expected: 'x.size::text',
    actual: 'c.positions_included::text',
    holds: 'c.positions_included = x.size',
  },
  {
    what: "'overall_correlation'",
    expected: "coalesce(x.mean::text, 'null')",
    actual: "coalesce(c.overall_correlation::text, 'null')",
    // Matrices are stored in single precision.
    holds:
      '(x.mean is null) = (c.overall_correlation is null) and (abs(x.mean - c.overall_correlation) <= 1e-6) is not false',
  },
]

/** Correlations: the matrix has the size that the symbols give it, and the mean that is stored. */
export function findBrokenCorrelations(
  db: Kysely<Tables>,
  scope: CheckScope,
): Promise<CheckReport> {
  return findBrokenRows(db, scope, {
    check: 'correlations',
    rows: sql`portfolios f join correlation_calculations c on c.portfolio_id = f.id`,
    besides: sql`cross join lateral (
      select cardinality(c.symbols) as size,
             array(select distinct s from unnest(c.symbols) as s order by s) as sorted,
             min(rho) as least, max(rho) as greatest, avg(rho::float8) as mean
      from unnest(c.matrix) as rho
    ) x`,
    date: 'c.calculation_date',
    rules: CORRELATION_RULES,
  })
}
