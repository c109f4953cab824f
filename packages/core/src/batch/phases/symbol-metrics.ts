import { transaction } from '../../database/index.ts'
import {
  computeSymbolMetrics,
  countFactorValues,
  saveSymbolMetrics,
  selectProfiledSymbols,
} from '../../symbol-metrics/index.ts'
import { EMPTY_OUTCOME, type Phase } from '../phase.ts'
import { columnOf } from '../symbol-chunk.ts'
import type { SymbolContext } from '../symbol-context.ts'

/** One row of figures per symbol, as of its newest date with a close. */
export const symbolMetricsPhase: Phase<SymbolContext> = {
  name: 'symbol_metrics',
  step: 'symbol_metrics',
  critical: false,
  finalDateOnly: false,
  reads: ['market_data_cache', 'symbol_factor_exposures', 'company_profiles', 'factor_definitions'],
  writes: ['symbol_daily_metrics'],
  async run({ chunk, date, database, definitions, signal }) {
    const { prices, returns } = await chunk.panel()
    const symbols = (await chunk.writtenOn(date)).map(({ symbol }) => symbol)
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
    const skipped = metrics.withoutPrice.length
    return {
      ...EMPTY_OUTCOME,
      processed: metrics.symbols.length,
      skipped,
      reasons: skipped === 0 ? {} : { no_price: skipped },
      metrics: { rows_written: written },
    }
  },
}
