import type { DateMetrics } from './compute-date-metrics.ts'
import { EMPTY_OUTCOME, type ItemFailure, type PhaseOutcome } from './phase.ts'

/** What computing the figures of some symbols came to, without the figures. */
export interface MetricsSummary {
  readonly symbols: number
  readonly withoutPrice: number
  readonly written: number
  /** Symbols of chunks that could not be done. */
  readonly failures: readonly ItemFailure[]
}

export function summariseMetrics({ metrics, written }: DateMetrics): MetricsSummary {
  const withoutPrice = metrics.withoutPrice.length
  return { symbols: metrics.symbols.length, withoutPrice, written, failures: [] }
}

export function addMetricsSummaries(parts: readonly MetricsSummary[]): MetricsSummary {
  const total = (of: (part: MetricsSummary) => number) =>
    parts.reduce((sum, part) => sum + of(part), 0)
  return {
    symbols: total(({ symbols }) => symbols),
    withoutPrice: total(({ withoutPrice }) => withoutPrice),
    written: total(({ written }) => written),
    failures: parts.flatMap(({ failures }) => failures),
  }
}

/** What a phase that computed figures tells of it. */
export function outcomeOfMetrics(summary: MetricsSummary): PhaseOutcome {
  const { failures, symbols, withoutPrice, written } = summary
  return {
    ...EMPTY_OUTCOME,
    processed: symbols,
    skipped: withoutPrice,
    failed: failures.length,
    reasons: {
      ...(withoutPrice === 0 ? {} : { no_price: withoutPrice }),
      ...(failures.length === 0 ? {} : { chunk_failed: failures.length }),
    },
    failures,
    metrics: { rows_written: written },
  }
}
