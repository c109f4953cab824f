import type { SessionDate } from '../calendar/iso-date.ts'
import { transaction } from '../database/index.ts'
import {
  computeSymbolMetrics,
  countFactorValues,
  saveSymbolMetrics,
  selectProfiledSymbols,
  type SymbolMetrics,
} from '../symbol-metrics/index.ts'
import type { Ticker } from '../symbols/index.ts'
import { columnOf } from './symbol-chunk.ts'
import type { SymbolContext } from './symbol-context.ts'

export interface DateMetrics {
  readonly metrics: SymbolMetrics
  /** How many rows changed. */
  readonly written: number
}

/**
 * Computes the figures of some symbols as of a date and writes those that are not older than what is
 * stored. The date's factors must be stored before, since the figures name them.
 */
export async function computeDateMetrics(
  { chunk, database, definitions, signal }: SymbolContext,
  date: SessionDate,
  symbols: readonly Ticker[],
): Promise<DateMetrics> {
  const { prices, returns } = await chunk.panel()
  const metrics = computeSymbolMetrics({
    prices,
    returns,
    sessionIndex: columnOf(date, prices.sessions),
    symbols,
    profiled: await selectProfiledSymbols(database.db),
    factorCounts: await countFactorValues(database.db, date),
    activeFactors: definitions.length,
  })
  signal.throwIfAborted()
  const written = await transaction(database, (tx) =>
    saveSymbolMetrics(tx, date, metrics, definitions),
  )
  return { metrics, written }
}
