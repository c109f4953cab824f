import { sessionsBack } from '../../calendar/index.ts'
import { transaction } from '../../database/index.ts'
import type { FactorDefinition } from '../../factors/index.ts'
import type { BarUpdateReport } from '../../market-data/index.ts'
import { selectSymbolsPricedOn } from '../../market-data/index.ts'
import { ensureSymbols, type NightlySymbol, type Ticker } from '../../symbols/index.ts'
import {
  countReasons,
  type ItemFailure,
  type Json,
  type Phase,
  type PhaseOutcome,
} from '../phase.ts'
import { CORRECTION_SESSIONS } from '../correction-sessions.ts'
import type { SymbolContext } from '../symbol-context.ts'

/**
 * Fetches what is missing (once per slice of dates) and judges each date by what is then stored: the
 * market proxy must have a close, and enough of the due symbols too.
 */
export const pricesPhase: Phase<SymbolContext> = {
  name: 'prices',
  step: 'symbol_prices',
  critical: true,
  finalDateOnly: false,
  reads: ['symbol_universe', 'positions', 'factor_definitions', 'market_data_cache', 'batch_jobs'],
  writes: ['market_data_cache', 'symbol_universe', 'batch_jobs'],
  async run(context) {
    const report = await context.chunk.updateBars(context)
    const due = await context.chunk.dueOn(context.date)
    await transaction(context.database, ({ db }) => ensureSymbols(db, due, context.date))
    const priced = await selectSymbolsPricedOn(context.database.db, context.date)
    return assess(context, due, priced, report)
  },
}

function assess(
  context: SymbolContext,
  due: readonly NightlySymbol[],
  priced: ReadonlySet<Ticker>,
  report: BarUpdateReport,
): PhaseOutcome {
  const missing = due.filter(({ symbol }) => !priced.has(symbol))
  const untraded = missing.filter((symbol) => isUntradedOption(symbol, report))
  const failures = missing
    .filter((symbol) => !untraded.includes(symbol))
    .map(({ symbol }) => failureOf(symbol, context, report))
  const listed = due.filter(({ assetType }) => assetType !== 'option')
  const listedMissing = missing.filter(({ assetType }) => assetType !== 'option')
  const coverage = listed.length === 0 ? 0 : 1 - listedMissing.length / listed.length
  const failure = failureOfDate(context, priced, coverage, listed.length)
  const missingProxies = missing.filter(({ isProxy }) => isProxy).map(({ symbol }) => symbol)
  return {
    processed: due.length - missing.length,
    skipped: untraded.length,
    failed: failures.length,
    reasons: {
      ...countReasons(failures),
      ...(untraded.length > 0 ? { no_trade: untraded.length } : {}),
    },
    metrics: {
      coverage_pct: 100 * coverage,
      missing_price_count: missing.length,
      ...barMetrics(report),
    },
    failures,
    alerts: [
      ...problemsOfSlice(context, report),
      ...oldRestatements(context, report),
      ...alertOf(missingProxies),
    ],
    ...(failure === null ? {} : { failure }),
  }
}

/** A contract that nobody traded keeps its last close; nothing has failed. */
function isUntradedOption({ symbol, assetType }: NightlySymbol, report: BarUpdateReport): boolean {
  return assetType === 'option' && (report.failures.get(symbol)?.isSilent ?? true)
}

/** Said once per slice, with its first date. */
function problemsOfSlice(
  { chunk, date }: SymbolContext,
  report: BarUpdateReport,
): readonly string[] {
  return chunk.isFirst(date) ? report.problems : []
}

/** Restatements older than what the portfolio layer follows up by itself; said once per slice. */
function oldRestatements(
  { chunk, date, effectiveDate }: SymbolContext,
  { restatements }: BarUpdateReport,
): readonly string[] {
  const recent = sessionsBack(effectiveDate, CORRECTION_SESSIONS)
  const old = restatements.filter((restated) => restated.date < recent)
  if (old.length === 0 || !chunk.isFirst(date)) return []
  const first = old.reduce((a, b) => (a.date < b.date ? a : b))
  return [
    `${old.length} stored values older than ${CORRECTION_SESSIONS} sessions were restated, the first ${first.symbol} ${first.field} of ${first.date}; snapshots are not recomputed by themselves: portfolio-refresh --start-date ${first.date} --end-date ${effectiveDate} --force`,
  ]
}

function alertOf(missingProxies: readonly Ticker[]): readonly string[] {
  return missingProxies.length === 0
    ? []
    : [`no price of factor proxies ${missingProxies.join(', ')}`]
}

function barMetrics(report: BarUpdateReport): Record<string, Json> {
  return {
    symbols_requested: report.requested,
    bars_inserted: report.inserted,
    bars_updated: report.updated,
    bars_restated: report.restatements.length,
    bars_dropped: report.dropped,
    bars_quarantined: report.quarantined.length,
    provider_calls: Object.fromEntries(
      [...report.usage].map(([name, { calls, retries, heldBack, waitedMs }]) => [
        name,
        { calls, retries, held_back: heldBack, waited_ms: Math.round(waitedMs) },
      ]),
    ),
  }
}

function failureOf(symbol: Ticker, context: SymbolContext, report: BarUpdateReport): ItemFailure {
  const held = report.quarantined.find((q) => q.symbol === symbol && q.date === context.date)
  if (held !== undefined) {
    const message = `close ${held.close} after ${held.previousClose} is a move of ${(100 * held.move).toFixed(1)} % without a split; held back until a second source or the next two closes agree`
    return { itemId: symbol, reason: 'quarantined', category: 'data', message }
  }
  const failure = report.failures.get(symbol)
  if (failure !== undefined) {
    return {
      itemId: symbol,
      reason: failure.reason,
      category: failure.retryable ? 'transient' : 'permanent',
      message: failure.detail,
    }
  }
  const message = `no provider served a close of ${context.date}`
  return { itemId: symbol, reason: 'no_bar', category: 'data', message }
}

function failureOfDate(
  context: SymbolContext,
  priced: ReadonlySet<Ticker>,
  coverage: number,
  due: number,
): string | null {
  const market = marketProxy(context.definitions)
  if (market !== null && !priced.has(market)) {
    return `the market proxy ${market} has no close on ${context.date}`
  }
  const needed = context.settings.pricesMinCoverage
  if (coverage >= needed) return null
  return `only ${(100 * coverage).toFixed(1)} % of ${due} due symbols have a close on ${context.date} (PRICES_MIN_COVERAGE asks for ${100 * needed} %)`
}

function marketProxy(definitions: readonly FactorDefinition[]): Ticker | null {
  return (
    definitions.find(({ calculationMethod }) => calculationMethod === 'ols_market')?.etfProxy ??
    null
  )
}
