import type { SessionDate } from '../../calendar/iso-date.ts'
import {
  proxySymbols,
  selectLateChanges,
  type FactorResult,
  type ReplacedExposures,
} from '../../factors/index.ts'
import type { Ticker } from '../../symbols/index.ts'
import {
  computeDateFactors,
  skipReasons,
  symbolsWithFactors,
  type DateFactors,
} from '../compute-date-factors.ts'
import { computeDateMetrics } from '../compute-date-metrics.ts'
import { EMPTY_OUTCOME, type Json, type Phase, type PhaseOutcome } from '../phase.ts'
import { touchTracking } from '../store/touch-tracking.ts'
import type { SymbolContext } from '../symbol-context.ts'

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
    const { result, written } = await computeDate(context, date, symbols)
    const withValue = symbolsWithFactors(result)
    // A few named symbols may all be too young to have any; of a whole universe that is a failure.
    const isEmpty = withValue.length === 0 && chunk.isWhole
    return {
      ...EMPTY_OUTCOME,
      processed: withValue.length,
      skipped: symbols.length - withValue.length,
      reasons: skipReasons(result),
      metrics: { ...metricsOf(result, written), dates_corrected: corrected },
      alerts: alertsOf(result),
      ...(isEmpty
        ? { failure: `no factor of any of ${symbols.length} symbols could be computed` }
        : {}),
    }
  },
}

async function computeDate(
  context: SymbolContext,
  date: SessionDate,
  symbols: readonly Ticker[],
): Promise<DateFactors> {
  const { database, definitions, signal } = context
  const { returns } = await context.chunk.panel()
  return computeDateFactors({ database, definitions, signal, date, symbols, returns })
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
    await computeDate(context, change.date, symbols)
    await computeDateMetrics(context, change.date, symbols)
    await touchTracking(database.db, 'symbol_batch', change.date, clock.now().toJSDate())
    log.info({ corrected_date: change.date, symbols: symbols.length }, 'factors_corrected')
  }
  return changes.length
}

function alertsOf({ missingProxies }: FactorResult): readonly string[] {
  return missingProxies.map(
    ({ factor, proxy, observations }) =>
      `${factor} left out: its proxy ${proxy ?? '(none defined)'} has ${observations} returns in the window`,
  )
}

function metricsOf(result: FactorResult, written: ReplacedExposures): Record<string, Json> {
  return {
    rows_inserted: written.inserted,
    rows_updated: written.updated,
    rows_deleted: written.deleted,
    ...historyOf(result),
    skipped: result.skipped.map((entry) => ({ ...entry })),
    collinearity: result.diagnostics.map(({ windowDays, proxies, ...diagnostics }) => ({
      window_days: windowDays,
      observations: diagnostics.observations,
      condition_number: diagnostics.conditionNumber,
      vif: Object.fromEntries(
        proxies.map((proxy, i) => [proxy, diagnostics.varianceInflation[i] ?? null]),
      ),
    })),
  }
}

/** How many symbols have their whole window for every factor they have, and the mean number of returns used. */
function historyOf({ symbols, estimates }: FactorResult): Record<string, Json> {
  let full = 0
  let limited = 0
  let observations = 0
  let values = 0
  for (const i of symbols.keys()) {
    const own = estimates.filter(({ quality }) => quality[i] !== null)
    if (own.length === 0) continue
    if (own.some(({ quality }) => quality[i] === 'limited_history')) limited += 1
    else full += 1
    for (const estimate of own) {
      if (estimate.regressionWindowDays === null) continue
      observations += estimate.observations[i] ?? 0
      values += 1
    }
  }
  return {
    symbols_full_history: full,
    symbols_limited_history: limited,
    average_observations: values === 0 ? null : observations / values,
  }
}
