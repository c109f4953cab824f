import type { Activity } from '../batch/activity-log.ts'
import { closeDeadRuns, legacyPhaseNames } from '../batch/index.ts'
import { dateInNewYork } from '../calendar/session-times.ts'
import type { Ticker } from '../symbols/index.ts'
import type { OnboardingParts } from './onboarding-parts.ts'
import { selectNeededSymbols } from './store/select-needed-symbols.ts'
import { selectOnboardingRun, type OnboardingRecord } from './store/select-onboarding-run.ts'
import { selectSnapshotValues } from './store/select-snapshot-values.ts'
import { selectSymbolStates } from './store/select-symbol-states.ts'
import { isGivenUp, isReady } from './symbol-state.ts'

/** How far a portfolio is, from the records alone. */
export interface OnboardingStatus {
  readonly mode: 'v2_instant' | 'v1_batch'
  readonly status: 'not_started' | 'running' | 'completed' | 'partial' | 'failed'
  readonly startedAt: Date | null
  readonly elapsedSeconds: number
  readonly overall: {
    readonly currentPhase: string | null
    readonly phasesCompleted: number
    readonly phasesTotal: number
    readonly percentComplete: number
  }
  readonly current: { readonly done: number; readonly total: number; readonly unit: string }
  readonly phases: readonly StatusPhase[]
  /** Newest last, at most fifty. */
  readonly activity: readonly StatusLine[]
  readonly pendingSymbols: readonly Ticker[]
  readonly failedSymbols: readonly { readonly symbol: Ticker; readonly reason: string }[]
}

export interface StatusPhase {
  readonly name: string
  readonly status: 'pending' | 'running' | 'completed' | 'failed'
  readonly durationMs: number | null
}

export interface StatusLine {
  readonly at: string
  readonly level: 'info' | 'warning' | 'error'
  readonly message: string
}

/** The steps of an instant onboarding, in their order. */
const INSTANT_PHASES = ['symbol_check', 'portfolio_created', 'snapshot_created', 'analytics_cached']
const MOST_LINES = 50

/** The status of a portfolio's onboarding, which survives restarts of whoever does it. */
export async function onboardingStatus(
  { runs, queue }: Pick<OnboardingParts, 'runs' | 'queue'>,
  portfolioId: string,
): Promise<OnboardingStatus> {
  const { db } = runs.database
  const now = runs.clock.now()
  let run = await selectOnboardingRun(db, portfolioId)
  if (run?.status === 'running') {
    const dead = await closeDeadRuns(db, [], now.toJSDate())
    if (dead.includes(run.batchRunId)) run = await selectOnboardingRun(db, portfolioId)
  }
  const needed = await selectNeededSymbols(db, { portfolioId, today: dateInNewYork(now) })
  const states = (await selectSymbolStates(db, needed)).filter((state) => !isReady(state))
  const failedSymbols = states.flatMap((state) => {
    const queued = queue.find(state.symbol)
    if (queued?.state === 'failed')
      return [{ symbol: state.symbol, reason: queued.reason ?? 'unknown' }]
    if (queued !== null || !isGivenUp(state, now.toJSDate())) return []
    return [{ symbol: state.symbol, reason: state.failure?.reason ?? 'unknown' }]
  })
  const failed = new Set(failedSymbols.map(({ symbol }) => symbol))
  const pendingSymbols = states.map(({ symbol }) => symbol).filter((symbol) => !failed.has(symbol))
  const [snapshot = null] = await selectSnapshotValues(db, [portfolioId])
  const phases = run === null ? [] : phasesOf(run)
  const end = run?.completedAt?.getTime() ?? now.toMillis()
  const elapsedMs = run === null ? 0 : Math.max(0, end - run.startedAt.getTime())
  return {
    mode: run?.jobType === 'legacy_batch' ? 'v1_batch' : 'v2_instant',
    status: statusOf(run, { hasSnapshot: snapshot !== null, isWhole: states.length === 0 }),
    startedAt: run?.startedAt ?? null,
    elapsedSeconds: Math.round(elapsedMs / 100) / 10,
    overall: overallOf(run, phases),
    current: currentOf(run),
    phases,
    activity: run === null ? [] : linesOf(run).slice(-MOST_LINES),
    pendingSymbols,
    failedSymbols,
  }
}

function statusOf(
  run: OnboardingRecord | null,
  { hasSnapshot, isWhole }: { readonly hasSnapshot: boolean; readonly isWhole: boolean },
): OnboardingStatus['status'] {
  if (run?.status === 'running') return 'running'
  // A later night may have made what the onboarding itself did not.
  if (hasSnapshot) return isWhole ? 'completed' : 'partial'
  return run === null ? 'not_started' : 'failed'
}

function phasesOf({ jobType, status, activity, result, progress }: OnboardingRecord) {
  const names = jobType === 'legacy_batch' ? legacyPhaseNames() : INSTANT_PHASES
  const ended = new Map<string, StatusPhase>()
  for (const { phase, event, status: ending, duration_ms } of activity) {
    if (event !== 'ended') continue
    const name = phase
    ended.set(name, { name, status: ending ?? 'completed', durationMs: duration_ms ?? null })
  }
  for (const date of result?.dates ?? []) {
    for (const [name, phase] of Object.entries(date.phases)) {
      const before = ended.get(name)?.status
      const isFailed = before === 'failed' || phase.status === 'failed'
      const durationMs = phase.duration_ms
      ended.set(name, { name, status: isFailed ? 'failed' : 'completed', durationMs })
    }
  }
  return names.map((name): StatusPhase => {
    const isCurrent = status === 'running' && progress.current_job === name
    if (isCurrent) return { name, status: 'running', durationMs: null }
    return ended.get(name) ?? { name, status: 'pending', durationMs: null }
  })
}

function overallOf(run: OnboardingRecord | null, phases: readonly StatusPhase[]) {
  const isDone = run !== null && run.status.startsWith('completed')
  const completed = phases.filter(({ status }) => status === 'completed').length
  const share = phases.length === 0 ? 0 : Math.round((1000 * completed) / phases.length) / 10
  const percent = run?.progress.percent ?? share
  return {
    currentPhase: run?.status === 'running' ? run.progress.current_job || 'starting' : null,
    phasesCompleted: completed,
    phasesTotal: phases.length,
    percentComplete: isDone ? 100 : Math.min(99, percent),
  }
}

function currentOf(run: OnboardingRecord | null): OnboardingStatus['current'] {
  const { done = 0, total = 0, current_job: job = '' } = run?.progress ?? {}
  const isOfSymbols = ['company_profiles', 'prices', 'fundamentals', 'factors'].includes(job)
  return { done, total, unit: isOfSymbols ? 'symbols' : 'portfolios' }
}

/** What a run did, told from its record. */
export function linesOf(run: OnboardingRecord): readonly StatusLine[] {
  const start = { at: run.startedAt.toISOString(), level: 'info', message: 'started' } as const
  const end = run.completedAt?.toISOString()
  return [
    start,
    ...run.activity.map(lineOf),
    ...(run.result?.alerts ?? []).map((message) => {
      return { at: end ?? start.at, level: 'warning', message } as const
    }),
    ...(end === undefined ? [] : [endOf(run, end)]),
  ]
}

function lineOf({ at, date, phase, event, status, duration_ms, error }: Activity): StatusLine {
  if (event === 'started') return { at, level: 'info', message: `${date} ${phase} started` }
  const time = duration_ms === undefined ? '' : ` in ${duration_ms} ms`
  const why = error === undefined ? '' : `: ${error}`
  const level = status === 'failed' ? 'error' : 'info'
  return { at, level, message: `${date} ${phase} ${status ?? 'completed'}${time}${why}` }
}

function endOf({ status, reason }: OnboardingRecord, at: string): StatusLine {
  const why = reason === null ? '' : `: ${reason}`
  return { at, level: status.startsWith('completed') ? 'info' : 'error', message: status + why }
}
