import type { SessionDate } from '../calendar/iso-date.ts'
import { fixedClock } from '../clock/index.ts'
import { selectHeldSymbols } from '../company/index.ts'
import { selectActiveDefinitions } from '../factors/index.ts'
import type { WorkUnit } from '../work-units/index.ts'
import { openPortfolioRun } from './open-portfolio-run.ts'
import type { UnitEnvironment } from './perform-unit.ts'
import { failedFor } from './failed-for.ts'
import type { Phase, PhaseOutcome } from './phase.ts'
import type { PlannedPortfolio } from './plan-portfolios.ts'
import { PORTFOLIO_PARTS } from './portfolio-parts.ts'
import type { PortfolioPhase } from './portfolio-phase.ts'
import type { PortfolioRun } from './portfolio-run.ts'
import { PortfolioRisk } from './portfolio-risk.ts'
import {
  parsePortfolioTask,
  type PortfolioTask,
  type PortfolioUnitOutput,
} from './portfolio-task.ts'
import { runPhase } from './run-phase.ts'
import type { SnapshotContext } from './snapshot-context.ts'

/** Runs phases of the portfolio layer for a chunk of a date's portfolios. */
export async function performPortfolioUnit(
  environment: UnitEnvironment,
  unit: WorkUnit,
): Promise<PortfolioUnitOutput> {
  const task = parsePortfolioTask(unit.task)
  const context = await openContext(environment, unit, task)
  const phases: Record<string, PhaseOutcome> = {}
  for (const name of task.phases) {
    const phase = PORTFOLIO_PARTS.find((part) => part.name === name)
    if (phase === undefined) throw new RangeError(`no phase ${name} is done in parts`)
    const ended = await runPhase({
      phase: asPart(phase),
      context,
      startedAt: task.now.toISO(),
      sleep: environment.sleep,
    })
    if (ended === null) throw environment.signal.reason
    const { result, outcome } = ended
    const own = outcome.failure === undefined ? outcome : givenUp(phase, context, outcome.failure)
    phases[name] = { ...own, workMs: result.duration_ms }
  }
  return { phases }
}

async function openContext(
  { database, log, panels, signal }: UnitEnvironment,
  { batchRunId, date }: WorkUnit,
  task: PortfolioTask,
): Promise<SnapshotContext> {
  const { settings } = task
  const definitions = await selectActiveDefinitions(database.db)
  const planned = task.portfolios.map((portfolio) => plannedOn(date, portfolio))
  const books = await openPortfolioRun(database, task, planned)
  // One of many chunks: whatever the others hold is read with it, and serves those that come here too.
  const others = task.chunks > 1 ? await selectHeldSymbols(database.db, date) : []
  panels.use({ database, batchRunId, others })
  const shared = { database, definitions, settings, books }
  const risk = new PortfolioRisk({
    ...shared,
    memory: panels.prices,
    dates: [date],
    symbols: books.symbols(),
  })
  return {
    ...shared,
    batchRunId,
    scope: { kind: 'portfolios', portfolioIds: planned.map(({ id }) => id) },
    clock: fixedClock(task.now),
    risk,
    date,
    isFinalDate: false,
    completed: new Set(),
    log,
    signal,
    progress: () => undefined,
  }
}

function plannedOn(
  date: SessionDate,
  { id, name, isAgain, firstSnapshot, equityAsOf }: PortfolioTask['portfolios'][number],
): PlannedPortfolio {
  const again = new Set(isAgain ? [date] : [])
  return { id, name, sessions: [date], again, firstSnapshot, equityAsOf }
}

/** The phase, which says nothing of the whole date. */
function asPart(phase: PortfolioPhase<SnapshotContext>): Phase<SnapshotContext> {
  return { ...phase, run: (context) => phase.part(context) }
}

/** A phase that failed as such has failed for each portfolio of the chunk; a critical one is their last. */
function givenUp(
  { critical, name }: PortfolioPhase<SnapshotContext>,
  { books, date }: { readonly books: PortfolioRun; readonly date: SessionDate },
  failure: string,
): PhaseOutcome {
  const due = books.dueIdsOn(date)
  if (critical) for (const id of due) books.exclude(id)
  return failedFor(due, { reason: `${name}_failed`, message: failure })
}
