import type { RunResult } from '../batch/result.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import { dateInNewYork } from '../calendar/session-times.ts'
import { coerceError } from '../errors/index.ts'
import type { Ticker } from '../symbols/index.ts'
import type { OnboardingParts } from './onboarding-parts.ts'
import type { OnboardingRun } from './onboarding-run.ts'
import type { RefreshWish } from './portfolio-refresher.ts'
import { selectNeededSymbols } from './store/select-needed-symbols.ts'
import type { SnapshotValue } from './store/select-snapshot-values.ts'
import { selectSymbolStates } from './store/select-symbol-states.ts'
import { isGivenUp, isReady } from './symbol-state.ts'

/** How far a portfolio got. */
export interface Onboarded {
  /** `partial`: some symbols are on their way or unknown to everybody, or the snapshot failed; `processing`: a run is under way. */
  readonly status: 'ready' | 'partial' | 'processing'
  readonly snapshot: SnapshotValue | null
  readonly snapshotDate: SessionDate | null
  readonly pendingSymbols: readonly Ticker[]
  readonly batchRunId: string | null
}

/**
 * Makes what a portfolio lacks, queues the symbols that are not ready, and closes the run's record. Never
 * throws for what the refresh does: the portfolio stays, and its record says `failed`.
 */
export async function refreshOnboarded(
  parts: OnboardingParts,
  run: OnboardingRun,
  {
    wish,
    batchRunId,
    isReady: isKnownReady,
  }: {
    readonly wish: RefreshWish
    readonly batchRunId: string
    /** Every symbol is known to be ready, so that none is looked for. */
    readonly isReady: boolean
  },
): Promise<Onboarded> {
  const { refresher, runs, snapshots, record } = parts
  const { portfolioId } = wish
  const result = await refresher.refresh(wish).catch((thrown: unknown) => coerceError(thrown))
  const snapshot = await snapshots.ask(portfolioId)
  noteSteps(run, result, snapshot)
  const { pendingSymbols, isWhole } = isKnownReady
    ? { pendingSymbols: [], isWhole: true }
    : await queueLacking(parts, portfolioId)
  const isMade = snapshot !== null && !(result instanceof Error)
  if (result instanceof Error) runs.log.error({ err: result, ...wish }, 'onboarding_refresh_threw')
  run.event('queued', { pending_symbols: [...pendingSymbols] })
  if (isMade) {
    const { status, alerts } = result
    const isClean = status === 'completed' || result.reason === 'nothing_to_do'
    await run.finish(isClean ? 'completed' : 'completed_with_warnings', { alerts })
  } else {
    await run.finish('failed', { reason: 'snapshot_failed' })
  }
  record('v2.onboarding.duration_seconds', run.elapsedSeconds)
  return {
    status: isMade && isWhole ? 'ready' : 'partial',
    snapshot,
    snapshotDate: snapshot?.date ?? null,
    pendingSymbols,
    batchRunId,
  }
}

function noteSteps(
  run: OnboardingRun,
  result: RunResult | Error,
  snapshot: SnapshotValue | null,
): void {
  const made = snapshot === null ? 0 : 1
  const phases =
    result instanceof Error ? [] : result.dates.flatMap((date) => Object.entries(date.phases))
  const timeOf = (isWanted: (name: string) => boolean) =>
    phases.reduce((sum, [name, { duration_ms }]) => (isWanted(name) ? sum + duration_ms : sum), 0)
  run.step('snapshot_created', {
    processed: made,
    failed: 1 - made,
    ...(made === 0 ? { error: 'snapshot_failed' } : {}),
    durationMs: timeOf((name) => name === 'snapshots'),
    fields: { date: snapshot?.date ?? null },
  })
  const analytics = phases.filter(([name]) => name !== 'snapshots')
  run.step('analytics_cached', {
    processed: analytics.filter(([, { status }]) => status === 'completed').length,
    durationMs: timeOf((name) => name !== 'snapshots'),
    ...(made === 0 ? { error: 'no_snapshot' } : {}),
    fields: { run_status: result instanceof Error ? 'failed' : result.status },
  })
}

/** Queues the portfolio's symbols that are not ready: those on their way, and whether none is lacking. */
async function queueLacking(
  { queue, runs }: OnboardingParts,
  portfolioId: string,
): Promise<{ readonly pendingSymbols: readonly Ticker[]; readonly isWhole: boolean }> {
  const { db } = runs.database
  const now = runs.clock.now()
  const needed = await selectNeededSymbols(db, { portfolioId, today: dateInNewYork(now) })
  const lacking = (await selectSymbolStates(db, needed)).filter((state) => !isReady(state))
  const pending = lacking.filter((state) => !isGivenUp(state, now.toJSDate()))
  const pendingSymbols = pending.map(({ symbol }) => symbol)
  queue.enqueue(pendingSymbols)
  return { pendingSymbols, isWhole: lacking.length === 0 }
}
