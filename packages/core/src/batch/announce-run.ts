import { withRetry, type Database } from '../database/index.ts'
import { coerceError } from '../errors/index.ts'
import type { Logger } from '../logging/index.ts'
import { touchPortfolios } from '../portfolios/index.ts'
import { notifyDataChange, type DataChange } from '../symbol-cache/index.ts'
import { portfoliosOf, type RunRequest } from './run-request.ts'

interface Announcer {
  readonly history: Database
  readonly log: Logger
  readonly sleep: (milliseconds: number) => Promise<void>
}

/**
 * Tells processes that keep data in memory that a run has ended, however: also a failed one has written
 * what was whole. The run's outcome does not depend on it, since whoever misses the message finds out by
 * the version stamp, or, of a run of single portfolios, which has none, by the portfolios' own versions.
 */
export async function announceRun(
  { history, log, sleep }: Announcer,
  request: Pick<RunRequest, 'jobType' | 'scope'>,
): Promise<void> {
  try {
    const portfolioIds = portfoliosOf(request)
    if (portfolioIds !== null) {
      await withRetry(() => touchPortfolios(history.db, portfolioIds), { sleep })
    }
    for (const change of changesOfRun(request)) {
      await withRetry(() => notifyDataChange(history.db, change), { sleep })
    }
  } catch (thrown) {
    log.warn({ err: coerceError(thrown) }, 'run_not_announced')
  }
}

/** A refresh of single portfolios changes no symbol; a full one may have filled gaps of factors. */
function changesOfRun(request: Pick<RunRequest, 'jobType' | 'scope'>): readonly DataChange[] {
  const { jobType, scope } = request
  if (scope.kind === 'symbols') return [{ symbols: scope.symbols, portfolioId: null }]
  const portfolioIds = portfoliosOf(request)
  if (portfolioIds === null) return [{ symbols: 'all', portfolioId: null }]
  const symbols = jobType === 'portfolio_refresh' ? [] : 'all'
  return portfolioIds.map((portfolioId) => ({ symbols, portfolioId }))
}
