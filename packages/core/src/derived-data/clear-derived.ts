import { sql, type Kysely } from 'kysely'
import { closeDeadRuns, lockNamesOf } from '../batch/dead-runs.ts'
import { selectRunningRuns } from '../batch/store/select-running-runs.ts'
import {
  transaction,
  tryAdvisoryLocks,
  type Database,
  type Tables,
  type Transaction,
} from '../database/index.ts'
import { planClearing, type ClearRequest } from './plan-clearing.ts'
import { countDerived, type RowCounts } from './store/count-derived.ts'
import { deleteDerived } from './store/delete-derived.ts'
import { resetLots } from './store/reset-lots.ts'
import { selectActivePortfolios } from './store/select-active-portfolios.ts'
import type { CutBeginnings } from './store/select-cut-beginnings.ts'
import { resetPortfolios } from './store/reset-portfolios.ts'

export type { ClearRequest } from './plan-clearing.ts'

/**
 * What was cleared, or why nothing was: a run is at the same portfolios (its id is null when it has no row
 * yet), or the range ends before the newest snapshot of portfolios whose first one it takes.
 */
export type ClearedData =
  | {
      readonly ok: true
      readonly before: RowCounts
      readonly after: RowCounts
      readonly portfoliosReset: number
    }
  | { readonly ok: false; readonly reason: 'running'; readonly batchRunId: string | null }
  | { readonly ok: false; readonly reason: 'cuts_beginning'; readonly cut: CutBeginnings }

export interface ClearPorts {
  /** A connection that keeps session locks (not through a transaction pooler). */
  readonly lockUrl: string
  readonly at: Date
}

/**
 * Deletes what portfolio-refresh derived for a range of dates, and puts the portfolios concerned back to
 * where they were before, in one transaction: afterwards the same dates can be refreshed as if for the
 * first time. What people entered and what was fetched stays: portfolios, lots, trades, valuations,
 * flows, prices, and the symbol layer. Portfolios that are deleted or not active are left alone, since no
 * refresh would compute them again.
 *
 * Refuses while a run works on the same portfolios; a run that starts meanwhile finds the lock taken.
 * Refuses to take the beginning of a record and to leave its rest, which no refresh would mend.
 */
export async function clearDerived(
  database: Database,
  request: ClearRequest,
  { lockUrl, at }: ClearPorts,
): Promise<ClearedData> {
  const names = lockNames(request)
  await using lock = await tryAdvisoryLocks(lockUrl, names)
  if (lock === null) return running(await findRun(database.db, request))
  await closeDeadRuns(database.db, names, at)
  const scoped = await findRun(database.db, request)
  if (scoped !== null) return running(scoped)
  return await transaction(database, async (tx) => {
    await lockRows(tx, request)
    const { scope, counts: before, cut } = await planClearing(tx.db, request)
    if (cut !== null) return { ok: false, reason: 'cuts_beginning', cut }
    await deleteDerived(tx, scope)
    await resetPortfolios(tx, scope.ownerIds)
    await resetLots(tx, scope)
    const after = await countDerived(tx.db, scope)
    return { ok: true, before, after, portfoliosReset: scope.ownerIds.length }
  })
}

function running(batchRunId: string | null): ClearedData {
  return { ok: false, reason: 'running', batchRunId }
}

/** Every write to a portfolio is under its row lock. */
async function lockRows({ db }: Transaction, { portfolioId }: ClearRequest): Promise<void> {
  const ids = await selectActivePortfolios(db, portfolioId)
  await sql`
    select from portfolios where id = any(${ids}::uuid[]) order by id for update
  `.execute(db)
}

/** The lock of full runs, which legacy ones hold too; for one portfolio, those of its scoped runs besides. */
function lockNames({ portfolioId }: ClearRequest): readonly string[] {
  const scopes = portfolioId === null ? [] : [`portfolio:${portfolioId}`]
  return [
    'portfolio_refresh',
    ...scopes.flatMap((scope) => [`portfolio_refresh:${scope}`, `legacy_batch:${scope}`]),
  ]
}

/** A run that works on portfolios of the request: a full one, or one scoped to such a portfolio. */
async function findRun(db: Kysely<Tables>, { portfolioId }: ClearRequest): Promise<string | null> {
  const running = await selectRunningRuns(db)
  const found = running.find((run) =>
    lockNamesOf(run).some((name) => {
      const [jobType, kind, id] = name.split(':')
      if (jobType === 'symbol_batch' || kind === 'symbols') return false
      return kind === undefined || portfolioId === null || id === portfolioId
    }),
  )
  return found?.batch_run_id ?? null
}
