import { computeDateMetrics } from '../compute-date-metrics.ts'
import { EMPTY_OUTCOME, type Phase } from '../phase.ts'
import type { SymbolContext } from '../symbol-context.ts'

/** One row of figures per symbol, as of its newest date with a close. */
export const symbolMetricsPhase: Phase<SymbolContext> = {
  name: 'symbol_metrics',
  step: 'symbol_metrics',
  critical: false,
  finalDateOnly: false,
  reads: ['market_data_cache', 'symbol_factor_exposures', 'company_profiles', 'factor_definitions'],
  writes: ['symbol_daily_metrics'],
  async run(context) {
    const { chunk, date } = context
    const symbols = (await chunk.writtenOn(date)).map(({ symbol }) => symbol)
    const { metrics, written } = await computeDateMetrics(context, date, symbols)
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
