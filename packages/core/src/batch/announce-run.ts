import { withRetry, type Database } from '../database/index.ts'
import { coerceError } from '../errors/index.ts'
import type { Logger } from '../logging/index.ts'
import { touchPortfolios } from '../portfolios/index.ts'
import { notifyDataChange, type DataChange } from '../symbol-cache/index.ts'
import type { RunResult } from './result.ts'
import { portfoliosOf, type RunRequest } from './run-request.ts'

interface Announcer {
  readonly history: Database
  readonly log: Logger
  readonly sleep: (milliseconds: number) => Promise<void>
}

/**
 * Tells processes that keep data in memory that a run has ended, however: also a failed one has written
 * what was whole. The run's outcome does not depend on it, since whoever misses the message finds out by
 * the version stamps, or, of a run of single portfolios, which has none, by the portfolios' own versions.
 */
export async function announceRun(
  { history, log, sleep }: Announcer,
  request: Pick<RunRequest, 'jobType' | 'scope'>,
  ended: Pick<RunResult, 'dates'>,
): Promise<void> {
  try {
    const portfolioIds = portfoliosOf(request)
    if (portfolioIds !== null) {
      await withRetry(() => touchPortfolios(history.db, portfolioIds), { sleep })
    }
    const change = { symbols: symbolsOf(request, ended), portfolios: concerned(request) }
    await withRetry(() => notifyDataChange(history.db, change), { sleep })
  } catch (thrown) {
    log.warn({ err: coerceError(thrown) }, 'run_not_announced')
  }
}

/** The symbol batch computes nothing of any portfolio, whose figures wait for the refresh. */
function concerned(request: Pick<RunRequest, 'jobType' | 'scope'>): DataChange['portfolios'] {
  const isOfSymbols = request.jobType === 'symbol_batch' || request.scope.kind === 'symbols'
  return portfoliosOf(request) ?? (isOfSymbols ? [] : 'all')
}

/** A refresh changes no symbol unless it filled gaps of factors. */
function symbolsOf(
  { jobType, scope }: Pick<RunRequest, 'jobType' | 'scope'>,
  { dates }: Pick<RunResult, 'dates'>,
): DataChange['symbols'] {
  if (scope.kind === 'symbols') return scope.symbols
  if (jobType !== 'portfolio_refresh') return 'all'
  return dates.some(({ phases }) => (phases['factor_gaps']?.processed ?? 0) > 0) ? 'all' : []
}
