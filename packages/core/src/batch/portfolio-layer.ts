import { nextSession, sessionOnOrBefore, sessionsBack, sessionsBetween } from '../calendar/index.ts'
import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import type { Database } from '../database/index.ts'
import { selectActiveDefinitions } from '../factors/index.ts'
import { stepEvent } from '../logging/index.ts'
import { NO_HISTORY } from '../pnl/index.ts'
import {
  selectLatePrices,
  selectPortfolioStates,
  selectSessionsWithoutBars,
  type PortfolioState,
} from '../portfolios/index.ts'
import type { PortfolioRunEnvironment } from './batch-environment.ts'
import { CORRECTION_SESSIONS } from './correction-sessions.ts'
import { HandedOutPortfolios } from './handed-out-portfolios.ts'
import { failedSessions } from './failed-sessions.ts'
import type { JobType } from './job-type.ts'
import type { Layer } from './layer.ts'
import { openPortfolioRun } from './open-portfolio-run.ts'
import type { Phase } from './phase.ts'
import { adminMetricsPhase } from './phases/admin-metrics.ts'
import { factorGapsPhase } from './phases/factor-gaps.ts'
import { regressionGuardPhase } from './phases/regression-guard.ts'
import { passGates, waitForSymbolBatch } from './portfolio-gates.ts'
import { planPortfolios, type PlannedPortfolio, type PortfoliosPlan } from './plan-portfolios.ts'
import { isDone, type DatePlan, type TrackedDate } from './plan-dates.ts'
import { PORTFOLIO_PARTS } from './portfolio-parts.ts'
import { PortfolioRisk } from './portfolio-risk.ts'
import { PortfolioRun } from './portfolio-run.ts'
import { planRetries } from './retry-plan.ts'
import { isLimited, portfoliosOf, type RunRequest } from './run-request.ts'
import type { SnapshotContext } from './snapshot-context.ts'
import {
  selectFailedPortfolioDates,
  type FailedPortfolioDate,
} from './store/select-failed-portfolio-dates.ts'
import { selectTrackedDates } from './store/select-tracked-dates.ts'

const PORTFOLIO_PHASES: readonly Phase<SnapshotContext>[] = [
  factorGapsPhase,
  ...PORTFOLIO_PARTS,
  adminMetricsPhase,
  regressionGuardPhase,
]

const BATCH_TYPE = 'portfolio_refresh'
const JOB_TYPES: readonly JobType[] = ['portfolio_refresh']
const NOTHING_PLANNED: Pick<PortfoliosPlan, 'portfolios' | 'dates'> = { portfolios: [], dates: [] }

/** The names that `--phase` knows, in the order the phases run. */
export function portfolioPhaseNames(): readonly string[] {
  return PORTFOLIO_PHASES.map(({ name }) => name)
}

/** The layer, which also tells what its last plan has for each portfolio. */
interface PortfolioLayer extends Layer<SnapshotContext> {
  planned(): readonly PlannedPortfolio[]
  /** What the plan is to repair. */
  failed(): readonly FailedPortfolioDate[]
}

/** Everything per portfolio: snapshots of each session it lacks, and what is computed from them. */
export function portfolioLayer(
  environment: PortfolioRunEnvironment,
  request: RunRequest,
): PortfolioLayer {
  const { database, clock, executor, settings } = environment
  let plan: PortfoliosPlan | null = null
  let failed: readonly FailedPortfolioDate[] = []
  let phasesOf: DatePlan['phasesOf'] = null
  const handedOut =
    executor === undefined ? null : new HandedOutPortfolios(executor, request, () => phasesOf)
  // The day's figures concern everybody's runs, so a scoped run leaves them alone.
  const own =
    request.scope.kind === 'universe'
      ? PORTFOLIO_PHASES
      : PORTFOLIO_PHASES.filter((phase) => phase !== adminMetricsPhase)
  return {
    batchType: BATCH_TYPE,
    jobTypes: JOB_TYPES,
    phases: handedOut === null ? own : own.map((phase) => handedOut.phase(phase)),
    async plan(asked, effective) {
      const made = await makePlan(environment, asked, targetOf(asked, effective))
      plan = made.plan
      failed = made.failed
      phasesOf = made.dates.phasesOf
      return made.dates
    },
    planned: () => plan?.portfolios ?? [],
    failed: () => failed,
    async gate({ target }, signal) {
      const { wait } = environment
      if (wait === null) return null
      // What everybody else's symbols lack is no matter of a run of single portfolios.
      const gate = portfoliosOf(request) === null ? passGates : waitForSymbolBatch
      return gate({ ...environment, wait }, target, signal)
    },
    async open({ batchRunId }) {
      const definitions = await selectActiveDefinitions(database.db)
      const { portfolios, dates } = plan ?? NOTHING_PLANNED
      const found = {
        step: 'portfolios_found',
        status: 'completed',
        count: portfolios.length,
      } as const
      stepEvent(environment.log, found)
      const books =
        handedOut === null
          ? await openPortfolioRun(database, request, portfolios, environment.memory)
          : unreadBooks(request, portfolios)
      const shared = { database, definitions, settings, books }
      const { memory } = environment
      const risk = new PortfolioRisk({ ...shared, memory, dates, symbols: books.symbols() })
      const { scope, reprocess } = request
      const isRepair = reprocess === 'failed'
      return (base) => ({ ...base, ...shared, batchRunId, scope, isRepair, clock, risk })
    },
  }
}

/** Who is due when: what is enough to know where others do the portfolios. */
function unreadBooks(
  { fromInception }: RunRequest,
  planned: readonly PlannedPortfolio[],
): PortfolioRun {
  const prices = () => NO_HISTORY
  return new PortfolioRun({ planned, books: new Map(), prices, fromInception })
}

function targetOf({ dates }: RunRequest, effective: SessionDate): SessionDate {
  return dates.kind === 'range' ? dates.end : (dates.target ?? effective)
}

async function makePlan(
  { database }: PortfolioRunEnvironment,
  request: RunRequest,
  target: SessionDate,
): Promise<{
  readonly plan: PortfoliosPlan
  readonly dates: DatePlan
  readonly failed: readonly FailedPortfolioDate[]
}> {
  const states = await selectPortfolioStates(database.db, portfoliosOf(request))
  const sessions = sessionsBetween(earliestOf(request, states, target), target)
  const withoutBars = await selectSessionsWithoutBars(database.db, sessions)
  const tracked = await selectTrackedDates(database.db, BATCH_TYPE)
  const retries = request.retryFailedPhases
    ? planRetries(request, tracked, { target, order: PORTFOLIO_PHASES })
    : null
  const undone = isLimited(request) ? [] : tracked.filter(({ status }) => !isDone(status))
  const unfinished = new Set(retries?.keys() ?? undone.map(({ date }) => date))
  const { dates } = request
  const isRepair = request.reprocess === 'failed'
  const items = isRepair
    ? await selectFailedPortfolioDates(database.db, target, portfoliosOf(request))
    : []
  const failed = isRepair ? failedSessions(tracked, items) : null
  const followsUp = dates.kind === 'target' && dates.backfill && !isRepair
  const latePrices = followsUp ? await latePricesSince(database, tracked, target) : new Map()
  const given = { target, withoutBars, unfinished, latePrices, failed }
  const due = planPortfolios(request, states, given)
  const plan = retries === null ? due : limitPlan(due, unfinished)
  const alerts =
    plan.withoutBars.length === 0
      ? []
      : [`no symbol has a price on ${plan.withoutBars.join(', ')}: no snapshots of these dates`]
  const datePlan = { target, dates: plan.dates, cut: plan.cut, alerts, phasesOf: retries }
  return { plan, dates: datePlan, failed: items.filter(isPlanned(plan)) }
}

function isPlanned({ portfolios }: PortfoliosPlan): (item: FailedPortfolioDate) => boolean {
  const sessionsOf = new Map(portfolios.map(({ id, sessions }) => [id, new Set(sessions)]))
  return ({ portfolioId, date }) => sessionsOf.get(portfolioId)?.has(date) ?? false
}

/** The prices that came late since the last completed refresh, of the few sessions before what it left undone. */
async function latePricesSince(
  { db }: Database,
  tracked: readonly TrackedDate[],
  target: SessionDate,
) {
  const last = tracked.findLast(({ date, status }) => date < target && isDone(status))
  const undone = last === undefined ? target : nextSession(last.date)
  return selectLatePrices(db, {
    from: sessionsBack(undone, CORRECTION_SESSIONS),
    to: target,
  })
}

/** Of a plan, what falls on some sessions. */
function limitPlan(plan: PortfoliosPlan, wanted: ReadonlySet<SessionDate>): PortfoliosPlan {
  const only = (dates: readonly SessionDate[]) => dates.filter((date) => wanted.has(date))
  const portfolios = plan.portfolios
    .map((portfolio) => ({ ...portfolio, sessions: only(portfolio.sessions) }))
    .filter(({ sessions }) => sessions.length > 0)
  return { portfolios, dates: only(plan.dates), cut: [], withoutBars: only(plan.withoutBars) }
}

/** The earliest date that some portfolio may be due for. */
function earliestOf(
  request: RunRequest,
  states: readonly PortfolioState[],
  target: SessionDate,
): IsoDate {
  const candidates = states.flatMap((state): (IsoDate | null)[] => [
    state.snapshots?.first ?? null,
    state.equityAsOf === null ? null : sessionOnOrBefore(state.equityAsOf),
    request.fromInception ? state.earliestEntry : null,
  ])
  const start: IsoDate = request.dates.kind === 'range' ? request.dates.start : target
  return candidates
    .filter((date) => date !== null)
    .reduce((earliest, date) => (date < earliest ? date : earliest), start)
}
