import { closeDeadRuns, planPortfolioRun } from '../batch/index.ts'
import type { DateSelection, RunRequest } from '../batch/run-request.ts'
import { dateInNewYork } from '../calendar/session-times.ts'
import { coerceError } from '../errors/index.ts'
import { inceptionRange, launchFirstRun } from './launch-first-run.ts'
import type { OnboardingParts } from './onboarding-parts.ts'
import { OnboardingRefused } from './onboarding-refused.ts'
import { OnboardingRun } from './onboarding-run.ts'
import { MOST_SESSIONS } from './portfolio-refresher.ts'
import { refreshOnboarded } from './refresh-onboarded.ts'
import { selectNeededSymbols } from './store/select-needed-symbols.ts'
import { selectNewestSymbolDate } from './store/select-newest-symbol-date.ts'
import { selectRunningOf } from './store/select-running-of.ts'
import { selectSymbolStates } from './store/select-symbol-states.ts'
import { isReady } from './symbol-state.ts'

export interface CalculationRequest {
  readonly portfolioId: string
  readonly userId: string
  /** Cancels what is under way for the portfolio, waits for its end, and starts. */
  readonly force: boolean
}

export type CalculationAnswer =
  | { readonly kind: 'started'; readonly batchRunId: string | null }
  | { readonly kind: 'running'; readonly batchRunId: string }
  /** Nothing is lacking. */
  | { readonly kind: 'completed' }

/** How long and how often the end of a cancelled run is waited for. */
const CANCELLATION = { looks: 200, pauseMs: 100 } as const

/**
 * Starts whatever a portfolio lacks: its due snapshots with their analytics, and symbols that are not ready,
 * also those given up before. Answers as soon as it is under way.
 *
 * @throws OnboardingRefused NO_PRICE_DATA before the first symbol batch
 */
export async function calculatePortfolio(
  parts: OnboardingParts,
  request: CalculationRequest,
): Promise<CalculationAnswer> {
  const { portfolioId, force } = request
  const running = await findRunning(parts, portfolioId)
  const [first] = running
  if (first !== undefined && !force) return { kind: 'running', batchRunId: first }
  if (first !== undefined) await stopAll(parts, portfolioId, running)
  return parts.isV2 ? calculateNow(parts, request) : calculateLater(parts, request)
}

async function findRunning({ runs }: OnboardingParts, portfolioId: string) {
  const { db } = runs.database
  const running = await selectRunningOf(db, portfolioId)
  if (running.length === 0) return running
  const dead = await closeDeadRuns(db, [], runs.clock.now().toJSDate())
  return running.filter((batchRunId) => !dead.includes(batchRunId))
}

async function stopAll(
  parts: OnboardingParts,
  portfolioId: string,
  running: readonly string[],
): Promise<void> {
  for (const batchRunId of running) await parts.cancel(batchRunId)
  for (let look = 0; look < CANCELLATION.looks; look++) {
    if ((await findRunning(parts, portfolioId)).length === 0) return
    await parts.runs.sleep(CANCELLATION.pauseMs)
  }
}

async function calculateNow(
  parts: OnboardingParts,
  { portfolioId, userId }: CalculationRequest,
): Promise<CalculationAnswer> {
  const { close, instance, queue, runs } = parts
  const { db } = runs.database
  const date = await selectNewestSymbolDate(db)
  if (date === null) {
    const message = 'There are no prices yet: try again when the first symbol batch is done.'
    throw new OnboardingRefused('NO_PRICE_DATA', message)
  }
  const today = dateInNewYork(runs.clock.now())
  const states = await selectSymbolStates(db, await selectNeededSymbols(db, { portfolioId, today }))
  const lacking = states.filter((state) => !isReady(state)).map(({ symbol }) => symbol)
  const dates: DateSelection = { kind: 'target', target: date, backfill: true }
  const plan = await planPortfolioRun(runs, planned(portfolioId, dates))
  if (plan.dates.length === 0 && lacking.length === 0) return { kind: 'completed' }
  const run = new OnboardingRun({ ...runs, close, source: 'settings', userId, targetDate: date })
  run.event('start', { sessions: plan.dates.length, unknown: lacking.length, date })
  const lockName = await instance.name()
  const batchRunId = await run.open(db, { portfolioId, lockName })
  run.step('symbol_check', { processed: states.length - lacking.length })
  // Also what was given up for a day: somebody asks for it.
  queue.enqueue(lacking)
  const wish = { portfolioId, dates, force: false }
  void refreshOnboarded(parts, run, { wish, batchRunId, isReady: false }).catch(
    (thrown: unknown) => {
      runs.log.error({ err: coerceError(thrown), portfolio_id: portfolioId }, 'calculation_threw')
    },
  )
  return { kind: 'started', batchRunId }
}

async function calculateLater(
  parts: OnboardingParts,
  { portfolioId, userId, force }: CalculationRequest,
): Promise<CalculationAnswer> {
  if (await isUpToDate(parts, portfolioId)) return { kind: 'completed' }
  const answer = await launchFirstRun(parts, { portfolioId, userId, source: 'settings', force })
  if (answer.kind === 'started') {
    return { kind: 'started', batchRunId: answer.batchRunIds[0] ?? null }
  }
  return answer.batchRunId === null
    ? { kind: 'started', batchRunId: null }
    : { kind: 'running', batchRunId: answer.batchRunId }
}

/** Whether the portfolio has every snapshot up to the effective date, and its symbols are ready. */
async function isUpToDate(parts: OnboardingParts, portfolioId: string): Promise<boolean> {
  const { runs } = parts
  const fromInception = (await inceptionRange(parts, portfolioId)) !== null
  const dates: DateSelection = { kind: 'target', target: null, backfill: true }
  const plan = await planPortfolioRun(runs, { ...planned(portfolioId, dates), fromInception })
  if (plan.dates.length > 0) return false
  const { db } = runs.database
  const today = dateInNewYork(runs.clock.now())
  const states = await selectSymbolStates(db, await selectNeededSymbols(db, { portfolioId, today }))
  return states.every(isReady)
}

function planned(portfolioId: string, dates: DateSelection): RunRequest {
  return {
    jobType: 'portfolio_refresh',
    mode: 'v2',
    source: 'settings',
    triggeredBy: 'settings',
    dates,
    reprocess: 'missing',
    force: false,
    maxCatchup: MOST_SESSIONS,
    chunkDays: null,
    fromInception: false,
    scope: { kind: 'portfolio', portfolioId },
    retryFailedPhases: false,
    phases: null,
  }
}
