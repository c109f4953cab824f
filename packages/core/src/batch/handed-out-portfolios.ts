import type { SessionDate } from '../calendar/iso-date.ts'
import { selectPortfoliosLackingFactors } from '../portfolios/index.ts'
import {
  cutIntoChunks,
  type UnitEnd,
  type UnitExecutor,
  type WorkUnit,
} from '../work-units/index.ts'
import { addOutcomes } from './add-outcomes.ts'
import { failedFor } from './failed-for.ts'
import { openPortfolioRun } from './open-portfolio-run.ts'
import { EMPTY_OUTCOME, type Phase, type PhaseOutcome } from './phase.ts'
import { factorGapsPhase } from './phases/factor-gaps.ts'
import type { PhasesByDate } from './retry-plan.ts'
import { PORTFOLIO_PARTS } from './portfolio-parts.ts'
import type { PortfolioPhase } from './portfolio-phase.ts'
import {
  portfolioSettings,
  type PortfolioTaskText,
  type PortfolioUnitOutput,
} from './portfolio-task.ts'
import type { RunRequest } from './run-request.ts'
import type { SnapshotContext } from './snapshot-context.ts'

/** Portfolios per chunk at most: a unit takes seconds, and as little is lost when its worker dies. */
const MOST_PORTFOLIOS = { threads: 500, queue: 250 } as const

type PartsByPhase = ReadonlyMap<string, readonly PhaseOutcome[]>

/**
 * The phases of the portfolio layer with the portfolios of each date cut into chunks that others do. The
 * first phase of a date has them do all its phases, since they then read a chunk once; each phase adds up
 * its own part of the answers. What concerns all portfolios together stays here: factor gaps (chunks would
 * fill the same ones), the day's figures, the guard.
 */
export class HandedOutPortfolios {
  readonly #executor: UnitExecutor
  readonly #request: RunRequest
  readonly #phasesOf: (date: SessionDate) => readonly string[] | undefined
  #date: { readonly of: SessionDate; readonly parts: Promise<PartsByPhase> } | null = null

  /** @param phasesOf the only phases of single dates, as the plan has them by the time they run */
  constructor(
    executor: UnitExecutor,
    request: RunRequest,
    phasesOf: () => PhasesByDate | null | undefined,
  ) {
    this.#executor = executor
    this.#request = request
    this.#phasesOf = (date) => phasesOf()?.get(date)
  }

  /** The phase as the process that leads the run does it. */
  phase(phase: Phase<SnapshotContext>): Phase<SnapshotContext> {
    const part = PORTFOLIO_PARTS.find(({ name }) => name === phase.name)
    if (part !== undefined) return { ...phase, run: (context) => this.#outcomeOf(part, context) }
    if (phase.name !== factorGapsPhase.name) return phase
    return { ...phase, run: async (context) => phase.run(await this.#lackingFactors(context)) }
  }

  async #outcomeOf(
    phase: PortfolioPhase<SnapshotContext>,
    context: SnapshotContext,
  ): Promise<PhaseOutcome> {
    const { books, date } = context
    const due = books.dueIdsOn(date).length
    if (this.#date?.of !== date) this.#date = { of: date, parts: this.#handOut(context) }
    const parts = await this.#date.parts.catch((thrown: unknown) => {
      // Tried again, it finds what is done already.
      this.#date = null
      throw thrown
    })
    const sum = addOutcomes(parts.get(phase.name) ?? [], phase.dateMetrics)
    if (phase.critical) for (const { itemId } of sum.failures) books.exclude(itemId)
    return phase.whole(sum, context, due)
  }

  async #handOut(context: SnapshotContext): Promise<PartsByPhase> {
    const { batchRunId, books, date, log, progress, signal } = context
    const due = books.dueIdsOn(date)
    const most = MOST_PORTFOLIOS[this.#executor.workers === null ? 'queue' : 'threads']
    const chunks = cutIntoChunks(due, this.#executor, most)
    const phases = this.#phasesOn(date)
    const units = chunks.map((ids, i): WorkUnit => {
      const task = this.#task(context, { ids, phases, chunks: chunks.length })
      const chunk = `${phases.join('+')} ${i + 1}/${chunks.length}`
      return { kind: 'portfolio-refresh', chunk, date, batchRunId, task }
    })
    log.info({ chunks: chunks.length, portfolios: due.length }, 'portfolios_handed_out')
    const ends = await this.#executor.run(units, {
      log,
      signal,
      progress: (ended) => {
        progress(Math.round((due.length * ended) / units.length), due.length)
      },
    })
    return byPhase(
      phases,
      ends.map((end, i) => partsOf(end, phases, chunks[i] ?? [])),
    )
  }

  #phasesOn(date: SessionDate): readonly string[] {
    const limits = [this.#request.phases, this.#phasesOf(date)]
    return PORTFOLIO_PARTS.map(({ name }) => name).filter((name) =>
      limits.every((limit) => limit?.includes(name) ?? true),
    )
  }

  #task(
    { books, clock, date, settings }: SnapshotContext,
    chunk: {
      readonly ids: readonly string[]
      readonly phases: readonly string[]
      readonly chunks: number
    },
  ): PortfolioTaskText {
    return {
      phases: [...chunk.phases],
      fromInception: this.#request.fromInception,
      now: clock.now().toISO(),
      chunks: chunk.chunks,
      settings: portfolioSettings(settings),
      portfolios: chunk.ids.map((id) => {
        const { name, again, firstSnapshot, equityAsOf } = books.planOf(id)
        return { id, name, isAgain: again.has(date), firstSnapshot, equityAsOf }
      }),
    }
  }

  /** The context with the books of those portfolios alone that may have a gap; on most nights of none. */
  async #lackingFactors(context: SnapshotContext): Promise<SnapshotContext> {
    const { books, database, date } = context
    const due = books.dueIdsOn(date)
    const lacking = await selectPortfoliosLackingFactors(database.db, date, due)
    const planned = lacking.map((id) => ({ ...books.planOf(id), sessions: [date] }))
    return { ...context, books: await openPortfolioRun(database, this.#request, planned) }
  }
}

function partsOf(
  end: UnitEnd,
  phases: readonly string[],
  portfolioIds: readonly string[],
): PortfolioUnitOutput {
  if (end.ok) return end.output as PortfolioUnitOutput
  const { attempts, message } = end
  const failed = failedFor(portfolioIds, { reason: 'chunk_failed', message, attempts })
  // Without a snapshot no later phase is even tried.
  const last = phases.findIndex((name) =>
    PORTFOLIO_PARTS.some((part) => part.name === name && part.critical),
  )
  const outcomeOf = (i: number) => (last >= 0 && i > last ? EMPTY_OUTCOME : failed)
  return { phases: Object.fromEntries(phases.map((name, i) => [name, outcomeOf(i)])) }
}

function byPhase(phases: readonly string[], outputs: readonly PortfolioUnitOutput[]): PartsByPhase {
  return new Map(
    phases.map((name) => [name, outputs.map((output) => output.phases[name] ?? EMPTY_OUTCOME)]),
  )
}
