import type { SessionDate } from '../calendar/iso-date.ts'
import { transaction, type Database } from '../database/index.ts'
import {
  computeFactors,
  replaceExposures,
  selectProviderBetas,
  type FactorDefinition,
  type FactorResult,
  type ReplacedExposures,
} from '../factors/index.ts'
import type { ReturnPanel } from '../returns/index.ts'
import type { Ticker } from '../symbols/index.ts'
import { columnOf } from './symbol-chunk.ts'

/** What the factors of one date are computed from, and for whom. */
export interface DateFactorsRequest {
  readonly database: Database
  readonly definitions: readonly FactorDefinition[]
  readonly signal: AbortSignal
  readonly date: SessionDate
  readonly symbols: readonly Ticker[]
  /** Must hold the symbols and the proxies, and reach back as far as the longest window. */
  readonly returns: ReturnPanel
}

export interface DateFactors {
  readonly result: FactorResult
  readonly written: ReplacedExposures
}

/**
 * Computes every active factor of some symbols for a date and makes their rows of the date say so. The
 * one way rows of `symbol_factor_exposures` come about: a gap filled by the portfolio layer gets the very
 * rows that the symbol layer would have written.
 */
export async function computeDateFactors(request: DateFactorsRequest): Promise<DateFactors> {
  const { database, date, definitions, returns, signal, symbols } = request
  const providerBetas = await selectProviderBetas(database.db)
  const sessionIndex = columnOf(date, returns.sessions)
  const result = computeFactors({ returns, sessionIndex, definitions, providerBetas, symbols })
  signal.throwIfAborted()
  const written = await transaction(database, (tx) => replaceExposures(tx, date, result))
  return { result, written }
}

/** The symbols that have a value of at least one factor. */
export function symbolsWithFactors({ symbols, estimates }: FactorResult): readonly Ticker[] {
  return symbols.filter((_, i) => estimates.some(({ quality }) => quality[i]))
}

/** Why values are missing: reason → how many of them. */
export function skipReasons({ skipped }: FactorResult): Record<string, number> {
  const reasons: Record<string, number> = {}
  for (const { reason, symbols } of skipped) reasons[reason] = (reasons[reason] ?? 0) + symbols
  return reasons
}
