import type { Kysely } from 'kysely'
import type { IsoDate } from '../calendar/iso-date.ts'
import type { Tables } from '../database/index.ts'
import type { DerivedScope } from './derived-rows.ts'
import { countDerived, type RowCounts } from './store/count-derived.ts'
import { selectCutBeginnings, type CutBeginnings } from './store/select-cut-beginnings.ts'
import { selectActivePortfolios } from './store/select-active-portfolios.ts'
import { selectSnapshotOwners } from './store/select-snapshot-owners.ts'

/** Which derived data is to go. */
export interface ClearRequest {
  /** First and last date, both included. */
  readonly start: IsoDate
  readonly end: IsoDate
  /** Null = all active portfolios. */
  readonly portfolioId: string | null
}

/** What clearing would delete. Equity, recognition and marks of the scope's `ownerIds` are reset. */
export interface ClearingPlan {
  readonly scope: DerivedScope
  readonly counts: RowCounts
  /** A refresh never computes what lies before a portfolio's first snapshot: not null = not to be cleared. */
  readonly cut: CutBeginnings | null
}

/** Looks up what clearing would do; writes nothing. */
export async function planClearing(
  db: Kysely<Tables>,
  { start, end, portfolioId }: ClearRequest,
): Promise<ClearingPlan> {
  const portfolioIds = await selectActivePortfolios(db, portfolioId)
  const ownerIds = await selectSnapshotOwners(db, { start, end, portfolioIds })
  const scope = { start, end, portfolioIds, ownerIds, isEverybody: portfolioId === null }
  return {
    scope,
    counts: await countDerived(db, scope),
    cut: await selectCutBeginnings(db, scope),
  }
}
