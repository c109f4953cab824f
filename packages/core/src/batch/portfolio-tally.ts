import type { SessionDate } from '../calendar/iso-date.ts'
import { isTransient } from '../database/index.ts'
import { coerceError } from '../errors/index.ts'
import {
  countReasons,
  EMPTY_OUTCOME,
  type ItemFailure,
  type Json,
  type PhaseOutcome,
} from './phase.ts'
import type { PortfolioContext } from './portfolio-context.ts'

/** What became of each portfolio in a phase that computes and stores something of it. */
export class PortfolioTally {
  readonly #log: PortfolioContext['log']
  readonly #date: SessionDate
  readonly #failureReason: string
  readonly #failures: ItemFailure[] = []
  readonly #skips: Record<string, number> = {}
  readonly #counts: Record<string, number> = {}
  #processed = 0

  /** @param failureReason what a failure is called in `batch_jobs` and in the log */
  constructor({ log, date }: Pick<PortfolioContext, 'log' | 'date'>, failureReason: string) {
    this.#log = log
    this.#date = date
    this.#failureReason = failureReason
  }

  /** Does one portfolio's part; what it throws is that portfolio's failure alone. */
  attempt(portfolioId: string, body: () => void): void {
    try {
      body()
    } catch (thrown) {
      this.failed(portfolioId, thrown)
    }
  }

  failed(portfolioId: string, thrown: unknown): void {
    const error = coerceError(thrown)
    const category = isTransient(error) ? 'transient' : 'data'
    this.#log.error(
      { err: error, portfolio_id: portfolioId, batch_date: this.#date, error_category: category },
      this.#failureReason,
    )
    const { message } = error
    const reason = this.#failureReason
    this.#failures.push({ itemId: portfolioId, portfolioId, reason, category, message })
  }

  /** Counts a portfolio as done, or as skipped for a reason. */
  done(reason: string | null): void {
    if (reason === null) this.#processed += 1
    else this.skipped(reason)
  }

  skipped(reason: string, portfolios = 1): void {
    if (portfolios > 0) this.#skips[reason] = (this.#skips[reason] ?? 0) + portfolios
  }

  /** Adds to the phase's metrics of these names. */
  count(counts: Readonly<Record<string, number>>): void {
    for (const [name, count] of Object.entries(counts)) {
      this.#counts[name] = (this.#counts[name] ?? 0) + count
    }
  }

  outcome(metrics: Readonly<Record<string, Json>> = {}): PhaseOutcome {
    const skipped = Object.values(this.#skips).reduce((sum, count) => sum + count, 0)
    return {
      ...EMPTY_OUTCOME,
      processed: this.#processed,
      skipped,
      failed: this.#failures.length,
      reasons: { ...countReasons(this.#failures), ...this.#skips },
      metrics: { ...this.#counts, ...metrics },
      failures: this.#failures,
    }
  }
}
