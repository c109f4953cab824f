import type { DateSelection, RunRequest } from '../batch/run-request.ts'
import { portfolioPhaseNames } from '../batch/portfolio-layer.ts'
import type { RunResult } from '../batch/result.ts'

/** Snapshots and analytics that one portfolio is to get. */
export interface RefreshWish {
  readonly portfolioId: string
  readonly dates: DateSelection
  /** Also where they exist. */
  readonly force: boolean
}

export interface RefresherOptions {
  /** The ordinary refresh. */
  readonly run: (request: RunRequest) => Promise<RunResult>
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** The guard and the figures of the day are the night's. */
const OF_THE_NIGHT: ReadonlySet<string> = new Set(['regression_guard', 'admin_metrics'])
const PHASES = portfolioPhaseNames().filter((name) => !OF_THE_NIGHT.has(name))

interface Waiting {
  readonly wish: RefreshWish
  readonly done: PromiseWithResolvers<RunResult>
}

/** Sessions that a portfolio may lag; a longer gap needs explicit dates. */
export const MOST_SESSIONS = 1000
/** Portfolios of one run: more would make the first of them wait for long. */
const MOST_TOGETHER = 25
/** A run waits so long for those who are about to ask: they would wait for the whole of it. */
const HOLD_MS = 40
/** Somebody else refreshes the portfolio: an edit, an operator. */
const BUSY = { tries: 40, pauseMs: 250 } as const

/**
 * Refreshes portfolios on demand, by the ordinary run, one run at a time. Whoever asks meanwhile waits for
 * the next one, which takes everybody who waits for the same dates: twenty portfolios cost little more than
 * one, since what their symbols need is read once.
 */
export class PortfolioRefresher {
  readonly #options: RefresherOptions
  #waiting: Waiting[] = []
  #run: Promise<void> | null = null
  #expected = 0
  /** Runs begun; tells whether one began while another was held back. */
  #runs = 0
  #isHeld = false
  #isHoldOver = false

  constructor(options: RefresherOptions) {
    this.#options = options
  }

  /** The result of the run that did it, which may be about other portfolios too. Throws what the run throws. */
  refresh(wish: RefreshWish): Promise<RunResult> {
    const done = Promise.withResolvers<RunResult>()
    this.#waiting.push({ wish, done })
    this.#begin()
    return done.promise
  }

  /** Says that somebody is about to ask; dispose it when he has, or will not. */
  expect(): Disposable {
    let isOpen = true
    this.#expected += 1
    return {
      [Symbol.dispose]: () => {
        if (!isOpen) return
        isOpen = false
        this.#expected -= 1
        this.#begin()
      },
    }
  }

  /** Waits until nothing is under way. */
  async settled(): Promise<void> {
    while (this.#run !== null || this.#waiting.length > 0) {
      await (this.#run ?? this.#options.sleep(HOLD_MS))
    }
  }

  #begin(): void {
    if (this.#run !== null || this.#waiting.length === 0) return
    if (this.#expected > 0 && this.#waiting.length < MOST_TOGETHER && !this.#isHoldOver) {
      this.#holdBack()
      return
    }
    this.#isHoldOver = false
    this.#runs += 1
    this.#run = this.#work(this.#nextGroup()).finally(() => {
      this.#run = null
      this.#begin()
    })
  }

  #holdBack(): void {
    if (this.#isHeld) return
    this.#isHeld = true
    const runs = this.#runs
    void this.#options.sleep(HOLD_MS).then(() => {
      this.#isHeld = false
      this.#isHoldOver = runs === this.#runs
      this.#begin()
    })
  }

  /** Everybody who wants what the one who has waited longest wants. */
  #nextGroup(): readonly Waiting[] {
    const [first] = this.#waiting
    if (first === undefined) return []
    const kind = kindOf(first.wish)
    const ids = new Set<string>()
    const group = this.#waiting.filter(({ wish }) => {
      if (kindOf(wish) !== kind) return false
      if (ids.size < MOST_TOGETHER) ids.add(wish.portfolioId)
      return ids.has(wish.portfolioId)
    })
    const taken = new Set(group)
    this.#waiting = this.#waiting.filter((one) => !taken.has(one))
    return group
  }

  async #work(group: readonly Waiting[]): Promise<void> {
    const [first] = group
    if (first === undefined) return
    const ids = [...new Set(group.map(({ wish }) => wish.portfolioId))]
    try {
      const result = await this.#options.run(requestOf(first.wish, ids))
      if (!isBusy(result)) {
        for (const { done } of group) done.resolve(result)
        return
      }
      for (const { wish, done } of group) done.resolve(await this.#alone(wish))
    } catch (thrown) {
      for (const { done } of group) done.reject(thrown)
    }
  }

  async #alone(wish: RefreshWish): Promise<RunResult> {
    for (let attempt = 1; ; attempt++) {
      const result = await this.#options.run(requestOf(wish, [wish.portfolioId]))
      if (!isBusy(result) || attempt === BUSY.tries) return result
      await this.#options.sleep(BUSY.pauseMs)
    }
  }
}

function kindOf({ dates, force }: RefreshWish): string {
  return JSON.stringify([dates, force])
}

function isBusy({ status, reason }: RunResult): boolean {
  return status === 'skipped' && reason === 'already_running'
}

function requestOf({ dates, force }: RefreshWish, portfolioIds: readonly string[]): RunRequest {
  const [only = ''] = portfolioIds
  return {
    jobType: 'portfolio_refresh',
    mode: 'v2',
    source: 'onboarding',
    triggeredBy: 'onboarding',
    dates,
    reprocess: 'missing',
    force,
    maxCatchup: MOST_SESSIONS,
    chunkDays: null,
    fromInception: false,
    scope:
      portfolioIds.length === 1
        ? { kind: 'portfolio', portfolioId: only }
        : { kind: 'portfolios', portfolioIds },
    retryFailedPhases: false,
    phases: PHASES,
  }
}
