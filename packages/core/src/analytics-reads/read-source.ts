import type { Kysely } from 'kysely'
import type { Clock } from '../clock/clock.ts'
import type { Tables } from '../database/index.ts'
import type { SymbolCache } from '../symbol-cache/index.ts'
import type { PortfolioFrame } from './portfolio-frame.ts'

/** What answers are read from that rest on what was computed of the portfolio alone. */
export interface PortfolioSource {
  readonly db: Kysely<Tables>
  readonly clock: Clock
  readonly frame: PortfolioFrame
  readonly settings: {
    /** A fraction per year. */
    readonly riskFreeRate: number
    readonly marketSettleMinutes: number
    readonly correlationMinWeight: number
    readonly correlationMinValue: number
  }
}

/** What answers are read from that rest on prices or factors of symbols as well. */
export interface ReadSource extends PortfolioSource {
  readonly symbols: Pick<SymbolCache, 'factors' | 'priceHistory'>
}
