import type { PortfolioReasons } from '../analytics/index.ts'

/** How many portfolios lack each figure, by reason. */
export class ReasonCounts {
  readonly #counts: Record<string, Record<string, number>> = {}

  add(reasons: PortfolioReasons['reasons']): void {
    for (const [figure, reason] of Object.entries(reasons)) {
      const own = (this.#counts[figure] ??= {})
      own[reason] = (own[reason] ?? 0) + 1
    }
  }

  /** Figure → reason → portfolios. */
  byFigure(): Readonly<Record<string, Readonly<Record<string, number>>>> {
    return this.#counts
  }
}
