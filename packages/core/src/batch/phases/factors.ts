import { proxySymbols, selectLateChanges } from '../../factors/index.ts'
import { outcomeOfFactors } from '../factor-summary.ts'
import type { Phase, PhaseOutcome } from '../phase.ts'
import { touchTracking } from '../store/touch-tracking.ts'
import type { SymbolContext } from '../symbol-context.ts'
import { factorsOf, metricsOf } from '../symbol-work.ts'

/**
 * Computes every active factor of every due symbol for the date and makes the date's rows say so.
 * Before the first date of a slice it also repeats the completed dates around it for symbols whose
 * bars arrived late or were restated since, so that what is stored follows from the bars alone.
 */
export const factorsPhase: Phase<SymbolContext> = {
  name: 'factors',
  step: 'symbol_factors',
  critical: true,
  finalDateOnly: false,
  reads: [
    'market_data_cache',
    'factor_definitions',
    'company_profiles',
    'symbol_universe',
    'batch_run_tracking',
  ],
  writes: ['symbol_factor_exposures', 'symbol_daily_metrics', 'batch_run_tracking'],
  async run(context): Promise<PhaseOutcome> {
    const { chunk, date } = context
    const corrected = chunk.isFirst(date) && chunk.isWhole ? await correctEarlier(context) : 0
    const symbols = (await chunk.writtenOn(date)).map(({ symbol }) => symbol)
    const summary = await factorsOf(context, { date, symbols })
    const outcome = outcomeOfFactors(summary)
    // A few named symbols may all be too young to have any; of a whole universe that is a failure.
    const isEmpty = outcome.processed === 0 && chunk.isWhole
    return {
      ...outcome,
      metrics: { ...outcome.metrics, dates_corrected: corrected },
      ...(isEmpty
        ? { failure: `no factor of any of ${symbols.length} symbols could be computed` }
        : {}),
    }
  },
}

/**
 * Repeats completed dates before and between the slice's own whose bars changed since, and the figures of
 * symbols for which such a date is the newest; when a proxy's bar did, for all symbols.
 */
async function correctEarlier(context: SymbolContext): Promise<number> {
  const { chunk, clock, database, definitions, log } = context
  const { from, to } = chunk.correctable
  const late = await selectLateChanges(database.db, { from, before: to })
  const changes = late.filter((change) => !chunk.includes(change.date))
  const proxies = new Set(proxySymbols(definitions))
  for (const change of changes) {
    const due = (await chunk.writtenOn(change.date)).map(({ symbol }) => symbol)
    const changed = new Set(change.symbols)
    const concernsAll = change.symbols.some((symbol) => proxies.has(symbol))
    const symbols = concernsAll ? due : due.filter((symbol) => changed.has(symbol))
    const of = { date: change.date, symbols }
    for (const { failures } of [await factorsOf(context, of), await metricsOf(context, of)]) {
      const [first] = failures
      if (first !== undefined) throw new Error(`${change.date} not corrected: ${first.message}`)
    }
    await touchTracking(database.db, 'symbol_batch', change.date, clock.now().toJSDate())
    log.info({ corrected_date: change.date, symbols: symbols.length }, 'factors_corrected')
  }
  return changes.length
}
