import type { SessionDate } from '../calendar/iso-date.ts'
import type { Clock } from '../clock/clock.ts'
import type { Database } from '../database/index.ts'
import type { FactorDefinition } from '../factors/index.ts'
import type { CompanySource } from '../market-data/index.ts'
import type { UnitExecutor } from '../work-units/index.ts'
import type { PhaseContext } from './phase.ts'
import type { SymbolChunk } from './symbol-chunk.ts'

/** The settings that symbol phases obey. */
export interface SymbolSettings {
  /** Share of due symbols that must have a close for a date to count (PRICES_MIN_COVERAGE). */
  readonly pricesMinCoverage: number
  /** Absolute daily return beyond which a close needs confirmation (QUARANTINE_RETURN). */
  readonly quarantineReturn: number
}

/** What the phases of the symbol layer get besides the common context. */
export interface SymbolContext extends PhaseContext {
  readonly batchRunId: string
  readonly database: Database
  readonly clock: Clock
  readonly settings: SymbolSettings
  readonly effectiveDate: SessionDate
  readonly definitions: readonly FactorDefinition[]
  /** Who is asked for profiles and statements. */
  readonly companies: CompanySource
  /** What the dates of one slice share: fetched bars, the price panel. */
  readonly chunk: SymbolChunk
  /** Who computes chunks of symbols; unset = the phase itself. */
  readonly executor?: UnitExecutor | undefined
}
