import type { Clock } from '../clock/clock.ts'
import type { Database, HeldLock } from '../database/index.ts'
import type { Logger } from '../logging/index.ts'
import type { UnitExecutor } from '../work-units/index.ts'
import type { ProviderChain } from '../market-data/index.ts'
import type { PriceMemory } from './price-memory.ts'
import type { RunObserver } from './observer.ts'
import type { PortfolioSettings } from './portfolio-settings.ts'
import type { SymbolSettings } from './symbol-context.ts'

/** What a run gets from the program around it. */
export interface BatchEnvironment {
  readonly database: Database
  /** Where run history is written: a connection of its own, so that no transaction of the work holds it up. */
  readonly history: Database
  /** A connection that keeps session locks (not through a transaction pooler). */
  readonly lockUrl: string
  /** How often the lock's connection is checked; unset = every 10 s. */
  readonly lockWatchMs?: number
  /** Takes a run's locks, all or none; unset = on a connection of the run's own. */
  readonly tryLocks?: (names: readonly string[]) => Promise<HeldLock | null>
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
  readonly observer: RunObserver
  /** Waits that many milliseconds; between attempts at what failed for a passing reason. */
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly settleMinutes: number
  /** Time limit of a run of one date; longer runs get it once per date. */
  readonly timeoutSecondsPerDate: number
  /** Who does chunks of portfolios or symbols; unset = this process does all of it itself. */
  readonly executor?: UnitExecutor
}

/** What a run of the symbol layer gets besides. */
export interface SymbolRunEnvironment extends BatchEnvironment {
  readonly chain: ProviderChain
  readonly settings: SymbolSettings
}

export interface GateWait {
  readonly maxMinutes: number
  readonly pollSeconds: number
}

/** What a run of the portfolio layer gets besides. */
export interface PortfolioRunEnvironment extends BatchEnvironment {
  readonly settings: PortfolioSettings
  /** Prices that the process keeps for many runs; unset = they are read from the database. */
  readonly memory?: PriceMemory
  /**
   * How long to wait for the symbol batch of the target date, and how often to look; null = it is not asked
   * for, as where sessions that were computed before are computed again.
   */
  readonly wait: GateWait | null
}
