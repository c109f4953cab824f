import { outcomeOfMetrics } from '../metrics-summary.ts'
import type { Phase } from '../phase.ts'
import type { SymbolContext } from '../symbol-context.ts'
import { metricsOf } from '../symbol-work.ts'

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
    return outcomeOfMetrics(await metricsOf(context, { date, symbols }))
  },
}
