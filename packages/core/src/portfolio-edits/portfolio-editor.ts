import type { PortfolioRunEnvironment } from '../batch/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import { coerceError } from '../errors/index.ts'
import { editPortfolio, type EditFacts } from './edit-portfolio.ts'
import type { OutdatedSessions } from './edited-portfolio.ts'
import { recomputePortfolio, type Recomputed } from './recompute-portfolio.ts'
import { selectOpenSlots } from './store/select-open-slots.ts'

/** Up to so many sessions are computed again before an edit is answered. */
const SESSIONS_AWAITED = 60
const LONGEST_WAIT_MS = 20_000

/** What became of the snapshots that an edit put out of date. */
export interface RecomputeState {
  /** `running`: it goes on in the background, and the portfolio tells when it is done. */
  readonly status: 'none' | 'completed' | 'running' | 'failed'
  readonly from: SessionDate | null
  readonly to: SessionDate | null
  readonly sessions: number
  readonly batchRunId: string | null
  readonly reason: string | null
}

/** Who edits which portfolio. */
export interface EditScope {
  readonly portfolioId: string
  readonly userId: string
}

interface Waiting {
  sessions: OutdatedSessions
  readonly result: Promise<Recomputed>
}

/**
 * Makes edits and has the portfolio computed again: one recomputation of a portfolio at a time, and edits that
 * come while one goes on share the next. What a process leaves undone, the next one takes up, since what is
 * out of date is known by its open slots.
 */
export class PortfolioEditor implements AsyncDisposable {
  readonly #environment: PortfolioRunEnvironment
  readonly #longestWaitMs: number
  readonly #waiting = new Map<string, Waiting>()
  readonly #running = new Map<string, Promise<unknown>>()

  /** @param longestWaitMs an answer waits no longer than this; the work goes on */
  constructor(
    environment: PortfolioRunEnvironment,
    { longestWaitMs = LONGEST_WAIT_MS }: { readonly longestWaitMs?: number } = {},
  ) {
    this.#environment = environment
    this.#longestWaitMs = longestWaitMs
  }

  /**
   * Makes an edit; up to 60 sessions are computed again before this returns, more in the background.
   *
   * @throws EditRefused when it cannot be made
   */
  async edit<T>(
    { portfolioId, userId }: EditScope,
    facts: EditFacts<T>,
  ): Promise<{ readonly value: T; readonly recompute: RecomputeState }> {
    const { database } = this.#environment
    const { value, outdated } = await editPortfolio(database, portfolioId, facts)
    if (outdated === null) return { value, recompute: NOTHING }
    const work = this.#recompute(portfolioId, outdated, userId)
    const { from, to, count: sessions } = outdated
    const state = { from, to, sessions, batchRunId: null, reason: null }
    const isLong = sessions > SESSIONS_AWAITED
    const result = isLong ? null : await within(this.#longestWaitMs, work)
    if (result === null) return { value, recompute: { ...state, status: 'running' } }
    const { ok, reason, batchRunId } = result
    const status = ok ? 'completed' : 'failed'
    return { value, recompute: { ...state, status, reason, batchRunId } }
  }

  /** Takes up in the background what an earlier process left out of date, one portfolio after the other. */
  start(): void {
    const { log } = this.#environment
    const resumed = this.#resume().catch((thrown: unknown) => {
      log.error({ err: coerceError(thrown) }, 'portfolio_resume_failed')
    })
    this.#running.set('start', resumed)
    void resumed.then(() => this.#running.delete('start'))
  }

  async #resume(): Promise<void> {
    const { database, signal } = this.#environment
    for (const slots of await selectOpenSlots(database.db, null)) {
      if (signal.aborted) return
      const { portfolioId, isFromInception: fromInception } = slots
      const from = fromInception ? slots.first : slots.from
      const sessions = { from, to: slots.to, count: slots.count, fromInception }
      await this.#recompute(portfolioId, sessions, 'restart')
    }
  }

  /** Waits for what is under way; the environment's signal has stopped it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running.values())
  }

  #recompute(
    portfolioId: string,
    sessions: OutdatedSessions,
    triggeredBy: string,
  ): Promise<Recomputed> {
    const waiting = this.#waiting.get(portfolioId)
    if (waiting !== undefined) {
      waiting.sessions = union(waiting.sessions, sessions)
      return waiting.result
    }
    const before = this.#running.get(portfolioId) ?? Promise.resolve()
    const begin = async (): Promise<Recomputed> => {
      await before
      this.#waiting.delete(portfolioId)
      return this.#run({ portfolioId, sessions: entry.sessions, triggeredBy })
    }
    const entry: Waiting = { sessions, result: Promise.resolve().then(begin) }
    this.#waiting.set(portfolioId, entry)
    this.#running.set(portfolioId, entry.result)
    void entry.result.then(() => {
      if (this.#running.get(portfolioId) === entry.result) this.#running.delete(portfolioId)
    })
    return entry.result
  }

  /** Never throws: an edit is made whatever becomes of this, and the next night fills what is open. */
  async #run(work: Parameters<typeof recomputePortfolio>[1]): Promise<Recomputed> {
    const { portfolioId, sessions } = work
    const { from, to, count } = sessions
    const log = this.#environment.log.child({
      portfolio_id: portfolioId,
      from,
      to,
      sessions: count,
    })
    try {
      const result = await recomputePortfolio(this.#environment, work)
      log[result.ok ? 'info' : 'error']({ reason: result.reason }, 'portfolio_recomputed')
      return result
    } catch (thrown) {
      const isStop = this.#environment.signal.aborted
      if (!isStop) log.error({ err: coerceError(thrown) }, 'portfolio_recompute_failed')
      return { ok: false, reason: isStop ? 'stopped' : 'crashed', batchRunId: null }
    }
  }
}

const NOTHING: RecomputeState = {
  status: 'none',
  from: null,
  to: null,
  sessions: 0,
  batchRunId: null,
  reason: null,
}

function union(a: OutdatedSessions, b: OutdatedSessions): OutdatedSessions {
  const from = a.from < b.from ? a.from : b.from
  const to = a.to > b.to ? a.to : b.to
  const fromInception = a.fromInception || b.fromInception
  return { from, to, count: Math.max(a.count, b.count), fromInception }
}

/** What the work answers within so many milliseconds; null when it takes longer. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((done) => {
    timer = setTimeout(done, milliseconds, null)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
