import type { SessionDate } from '../calendar/iso-date.ts'
import type { Clock } from '../clock/clock.ts'
import type { Database } from '../database/index.ts'
import type { FactorDefinition } from '../factors/index.ts'
import type { Book, BookValue, PriceSource } from '../pnl/index.ts'
import type { PhaseContext } from './phase.ts'
import type { PortfolioRisk } from './portfolio-risk.ts'
import type { PortfolioSettings } from './portfolio-settings.ts'
import type { RunRequest } from './run-request.ts'

/** A portfolio of a run: its facts as the tables say, read once. */
export interface PortfolioBook {
  readonly portfolioId: string
  readonly name: string
  readonly book: Book
}

/**
 * What the dates of a portfolio run share: facts and prices read once, values computed once. Holds
 * only what follows from the tables.
 */
export interface PortfolioBooks {
  /** Closes and events of what the portfolios hold, and of the underlyings of options. */
  readonly prices: PriceSource
  /** The portfolios whose snapshot of the date this run makes, without those that failed before. */
  dueOn(date: SessionDate): readonly PortfolioBook[]
  /** The ids of the same, whether or not their facts have been read. */
  dueIdsOn(date: SessionDate): readonly string[]
  /** The portfolio's facts as far as the run knows them. */
  factsOf(portfolioId: string): Book
  /** The portfolio's value at the end of the date, every lot of it. */
  valueOf(portfolioId: string, date: SessionDate): BookValue
  /** Takes a portfolio out of the rest of the run: no later phase, no later date. */
  exclude(portfolioId: string): void
}

/** What the phases of the portfolio layer get besides the common context. */
export interface PortfolioContext extends PhaseContext {
  readonly batchRunId: string
  readonly scope: RunRequest['scope']
  /** The run does again what had failed, and nobody else's session. */
  readonly isRepair?: boolean
  readonly database: Database
  readonly clock: Clock
  readonly settings: PortfolioSettings
  readonly definitions: readonly FactorDefinition[]
  readonly books: PortfolioBooks
  /** What analytics share; read from the tables when it is first asked for. */
  readonly risk: PortfolioRisk
}
