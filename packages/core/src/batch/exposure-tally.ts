import type { SessionDate } from '../calendar/iso-date.ts'
import { isTransient } from '../database/index.ts'
import { coerceError } from '../errors/index.ts'
import type { PortfolioExposures, SavedExposures } from '../exposures/index.ts'
import { countReasons, EMPTY_OUTCOME, type ItemFailure, type PhaseOutcome } from './phase.ts'
import type { PortfolioContext } from './portfolio-context.ts'

/** What became of each portfolio in the phase that computes exposures. */
export class ExposureTally {
  readonly #log: PortfolioContext['log']
  readonly #date: SessionDate
  readonly #failures: ItemFailure[] = []
  readonly #skips: Record<string, number> = {}
  #processed = 0
  #lotsWithoutMark = 0
  #lotsWithoutGreeks = 0
  #rows: SavedExposures = { inserted: 0, updated: 0, deleted: 0 }

  constructor({ log, date }: Pick<PortfolioContext, 'log' | 'date'>) {
    this.#log = log
    this.#date = date
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
      'exposures_failed',
    )
    const { message } = error
    this.#failures.push({ itemId: portfolioId, reason: 'exposures_failed', category, message })
  }

  skipped(reason: string, portfolios = 1): void {
    if (portfolios > 0) this.#skips[reason] = (this.#skips[reason] ?? 0) + portfolios
  }

  saved(rows: SavedExposures, portfolios: readonly PortfolioExposures[]): void {
    this.#rows = {
      inserted: this.#rows.inserted + rows.inserted,
      updated: this.#rows.updated + rows.updated,
      deleted: this.#rows.deleted + rows.deleted,
    }
    for (const { reason, lotsWithoutMark, lotsWithoutGreeks } of portfolios) {
      if (reason === null) this.#processed += 1
      else this.skipped(reason)
      this.#lotsWithoutMark += lotsWithoutMark
      this.#lotsWithoutGreeks += lotsWithoutGreeks
    }
  }

  outcome(): PhaseOutcome {
    const { inserted, updated, deleted } = this.#rows
    return {
      ...EMPTY_OUTCOME,
      processed: this.#processed,
      skipped: Object.values(this.#skips).reduce((sum, count) => sum + count, 0),
      failed: this.#failures.length,
      reasons: { ...countReasons(this.#failures), ...this.#skips },
      metrics: {
        rows_inserted: inserted,
        rows_updated: updated,
        rows_deleted: deleted,
        positions_without_mark: this.#lotsWithoutMark,
        positions_without_greeks: this.#lotsWithoutGreeks,
      },
      failures: this.#failures,
    }
  }
}
