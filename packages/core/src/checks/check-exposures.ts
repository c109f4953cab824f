import type { Kysely } from 'kysely'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Tables } from '../database/index.ts'
import {
  exposureBook,
  exposureSymbol,
  portfolioExposures,
  selectBetas,
  selectDeltaDollars,
} from '../exposures/index.ts'
import { selectActiveDefinitions } from '../factors/index.ts'
import type { Breach, CheckReport, CheckScope } from './check-report.ts'
import type { RecomputedSnapshot } from './recompute-snapshots.ts'
import { selectExposedFactors } from './store/select-exposed-factors.ts'

/**
 * Whether each portfolio has a row of `factor_exposures` for exactly those active factors of which one of
 * its lots has a beta: a missing row needs that reason (a book of PRIVATE lots, a symbol too young), and a
 * row without a snapshot of its date has no marks to rest on.
 */
export async function checkExposures(
  db: Kysely<Tables>,
  scope: CheckScope & { readonly date: SessionDate },
  recomputed: readonly RecomputedSnapshot[],
): Promise<CheckReport> {
  const { date } = scope
  const definitions = await selectActiveDefinitions(db)
  const nameOf = new Map(definitions.map(({ id, name }) => [id, name]))
  const ids = recomputed.map(({ stored }) => stored.portfolioId)
  const deltaDollars = await selectDeltaDollars(db, date, ids)
  const books = recomputed.map(({ stored, book, value }) => {
    return { stored, book: exposureBook(book, value, deltaDollars) }
  })
  const held = books.flatMap(({ book }) => book.lots.map(exposureSymbol))
  const symbols = [...new Set(held.filter((symbol) => symbol !== null))].sort()
  const betas = await selectBetas(db, date, { factorIds: [...nameOf.keys()], symbols })
  const rows = await selectExposedFactors(db, scope)
  const breaches = books.flatMap(({ stored, book }): readonly Breach[] => {
    const { portfolioId, portfolio } = stored
    const present = rows.get(portfolioId)?.factorIds ?? new Set()
    const expected = new Set(portfolioExposures(book, betas).rows.map(({ factorId }) => factorId))
    return [...nameOf]
      .filter(([id]) => expected.has(id) !== present.has(id))
      .map(([id, name]) => ({
        portfolioId,
        portfolio,
        date,
        what: `exposure to ${name}`,
        expected: expected.has(id) ? 'a row' : 'no row: no lot has a beta',
        actual: present.has(id) ? 'a row' : 'no row',
      }))
  })
  const valued = new Set(ids)
  const withoutSnapshot = [...rows].flatMap(([portfolioId, { portfolio, factorIds }]) =>
    valued.has(portfolioId)
      ? []
      : [
          {
            portfolioId,
            portfolio,
            date,
            what: `${factorIds.size} exposures`,
            expected: 'a complete snapshot of the date',
            actual: null,
          },
        ],
  )
  return {
    check: 'factor_exposures',
    checked: recomputed.length,
    breaches: [...breaches, ...withoutSnapshot],
  }
}
