import { transaction } from '../database/index.ts'
import {
  computeSymbolMetrics,
  countFactorValues,
  saveSymbolMetrics,
  selectProfiledSymbols,
  type SymbolMetrics,
} from '../symbol-metrics/index.ts'
import type { DateFactorsRequest } from './compute-date-factors.ts'
import { columnOf, type ChunkPanel } from './symbol-chunk.ts'

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
  { database, date, definitions, signal, symbols }: Omit<DateFactorsRequest, 'returns'>,
  { prices, returns }: ChunkPanel,
): Promise<DateMetrics> {
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
