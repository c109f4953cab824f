import { runPortfolioRefresh, type PortfolioRunEnvironment } from '../batch/index.ts'
import { nextSession } from '../calendar/index.ts'
import type { OutdatedSessions } from './edited-portfolio.ts'
import { selectLatestSnapshot } from './store/select-latest-snapshot.ts'

export interface Recomputation {
  readonly portfolioId: string
  readonly sessions: OutdatedSessions
  readonly triggeredBy: string
}

/** How a recomputation ended. */
export interface Recomputed {
  readonly ok: boolean
  /** Why it did not end well; else null. */
  readonly reason: string | null
  readonly batchRunId: string | null
}

const ENDED_WELL: ReadonlySet<string> = new Set(['completed', 'completed_with_warnings'])
/** How often it is looked whether another run of the same portfolio is over. */
const LOOK_MS = 100

/**
 * Computes sessions of a portfolio again by the ordinary portfolio layer: a run of its own, which waits for
 * another one of the same portfolio, and for no symbol batch: the sessions had snapshots before. A night that
 * added snapshots meanwhile took them from outdated ones; these are computed again as well.
 */
export async function recomputePortfolio(
  environment: PortfolioRunEnvironment,
  { portfolioId, sessions, triggeredBy }: Recomputation,
): Promise<Recomputed> {
  const { database, signal, sleep } = environment
  const ungated = { ...environment, wait: null }
  let { from, to } = sessions
  for (;;) {
    signal.throwIfAborted()
    const result = await runPortfolioRefresh(ungated, {
      jobType: 'portfolio_refresh',
      mode: 'v2',
      source: 'settings',
      triggeredBy,
      dates: { kind: 'range', start: from, end: to },
      reprocess: 'all',
      force: true,
      maxCatchup: 1,
      chunkDays: null,
      fromInception: sessions.fromInception,
      scope: { kind: 'portfolio', portfolioId },
      phases: null,
      retryFailedPhases: false,
    })
    const { status, reason, batch_run_id: batchRunId } = result
    if (status === 'skipped' && reason === 'already_running') {
      await sleep(LOOK_MS)
      continue
    }
    if (!ENDED_WELL.has(status)) return { ok: false, reason: reason ?? status, batchRunId }
    const latest = await selectLatestSnapshot(database.db, portfolioId)
    if (latest === null || latest <= to) return { ok: true, reason: null, batchRunId }
    from = nextSession(to)
    to = latest
  }
}
