import type { FactorResult, ReplacedExposures } from '../factors/index.ts'
import { skipReasons, symbolsWithFactors } from './compute-date-factors.ts'
import type { ItemFailure, Json, PhaseOutcome } from './phase.ts'

/** What computing the factors of some symbols came to, without the factors, so that parts can be added up. */
export interface FactorSummary {
  /** Symbols asked for. */
  readonly symbols: number
  readonly withValue: number
  readonly written: ReplacedExposures
  readonly reasons: Readonly<Record<string, number>>
  readonly skipped: FactorResult['skipped']
  readonly missingProxies: FactorResult['missingProxies']
  readonly diagnostics: FactorResult['diagnostics']
  /** Symbols with their whole window for every factor they have, and the others that have one. */
  readonly fullHistory: number
  readonly limitedHistory: number
  /** Returns used, over all regressed values, and how many values those are. */
  readonly observations: number
  readonly values: number
  /** Symbols of chunks that could not be done. */
  readonly failures: readonly ItemFailure[]
}

/** Sums up one computation. */
export function summariseFactors(result: FactorResult, written: ReplacedExposures): FactorSummary {
  return {
    symbols: result.symbols.length,
    withValue: symbolsWithFactors(result).length,
    written,
    reasons: skipReasons(result),
    skipped: result.skipped,
    missingProxies: result.missingProxies,
    diagnostics: result.diagnostics,
    ...historyOf(result),
    failures: [],
  }
}

/** Adds up computations of different symbols on one date; what follows from the proxies alone they have in common. */
export function addFactorSummaries(parts: readonly FactorSummary[]): FactorSummary {
  const total = (of: (part: FactorSummary) => number) =>
    parts.reduce((sum, part) => sum + of(part), 0)
  const reasons: Record<string, number> = {}
  for (const part of parts) {
    for (const [reason, count] of Object.entries(part.reasons)) {
      reasons[reason] = (reasons[reason] ?? 0) + count
    }
  }
  const common = parts.find(({ symbols }) => symbols > 0)
  return {
    symbols: total(({ symbols }) => symbols),
    withValue: total(({ withValue }) => withValue),
    written: {
      inserted: total(({ written }) => written.inserted),
      updated: total(({ written }) => written.updated),
      deleted: total(({ written }) => written.deleted),
    },
    reasons,
    skipped: addSkipped(parts.flatMap(({ skipped }) => skipped)),
    missingProxies: common?.missingProxies ?? [],
    diagnostics: common?.diagnostics ?? [],
    fullHistory: total(({ fullHistory }) => fullHistory),
    limitedHistory: total(({ limitedHistory }) => limitedHistory),
    observations: total(({ observations }) => observations),
    values: total(({ values }) => values),
    failures: parts.flatMap(({ failures }) => failures),
  }
}

/** What a phase that computed factors tells of it. */
export function outcomeOfFactors(summary: FactorSummary): PhaseOutcome {
  const { failures, observations, reasons, values, withValue, written } = summary
  const failed = failures.length
  return {
    processed: withValue,
    skipped: summary.symbols - withValue,
    failed,
    reasons: failed === 0 ? reasons : { ...reasons, chunk_failed: failed },
    metrics: {
      rows_inserted: written.inserted,
      rows_updated: written.updated,
      rows_deleted: written.deleted,
      symbols_full_history: summary.fullHistory,
      symbols_limited_history: summary.limitedHistory,
      average_observations: values === 0 ? null : observations / values,
      skipped: addSkipped(summary.skipped).map((entry) => ({ ...entry })),
      collinearity: summary.diagnostics.map(collinearityOf),
    },
    failures,
    alerts: summary.missingProxies.map(
      ({ factor, proxy, observations: returns }) =>
        `${factor} left out: its proxy ${proxy ?? '(none defined)'} has ${returns} returns in the window`,
    ),
  }
}

/** One entry per factor, reason and number of returns, in that order. */
function addSkipped(entries: FactorResult['skipped']): FactorResult['skipped'] {
  const byKey = new Map<string, FactorResult['skipped'][number]>()
  for (const entry of entries) {
    const { factor, reason, observations } = entry
    const key = JSON.stringify([factor, reason, String(observations).padStart(6, '0')])
    const symbols = entry.symbols + (byKey.get(key)?.symbols ?? 0)
    byKey.set(key, { ...entry, symbols })
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
}

function collinearityOf({
  windowDays,
  proxies,
  ...diagnostics
}: FactorResult['diagnostics'][number]): Json {
  return {
    window_days: windowDays,
    observations: diagnostics.observations,
    condition_number: diagnostics.conditionNumber,
    vif: Object.fromEntries(
      proxies.map((proxy, i) => [proxy, diagnostics.varianceInflation[i] ?? null]),
    ),
  }
}

function historyOf({
  symbols,
  estimates,
}: FactorResult): Pick<
  FactorSummary,
  'fullHistory' | 'limitedHistory' | 'observations' | 'values'
> {
  let [fullHistory, limitedHistory, observations, values] = [0, 0, 0, 0]
  for (const i of symbols.keys()) {
    const own = estimates.filter(({ quality }) => quality[i] !== null)
    if (own.length === 0) continue
    if (own.some(({ quality }) => quality[i] === 'limited_history')) limitedHistory += 1
    else fullHistory += 1
    for (const estimate of own) {
      if (estimate.regressionWindowDays === null) continue
      observations += estimate.observations[i] ?? 0
      values += 1
    }
  }
  return { fullHistory, limitedHistory, observations, values }
}
