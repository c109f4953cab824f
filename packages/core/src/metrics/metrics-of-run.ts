import type { DateResult, PhaseResult, RunResult } from '../batch/result.ts'
import type { MetricReading } from './metric.ts'
import { LAYERS_OF, type RunLayer } from './run-layer.ts'

const SYMBOL_PHASES: ReadonlySet<string> = new Set([
  'company_profiles',
  'prices',
  'fundamentals',
  'factors',
  'symbol_metrics',
  'feedback_learning',
])

/**
 * The figures of a full run. A legacy run gives those of both layers, where the duration of a layer is
 * that of its phases. A run that was skipped or found nothing to do gives none: its zeros would look
 * like an outage. The time of the last success is there only when the run succeeded.
 */
export function metricsOfRun(result: RunResult): readonly MetricReading[] {
  if (result.status === 'skipped' || result.reason === 'nothing_to_do') return []
  return LAYERS_OF[result.job_type].flatMap((layer) => {
    const dates = result.dates.map((date) => phasesOfLayer(date, layer))
    if (result.mode === 'legacy' && dates.every((phases) => phases.length === 0)) return []
    const own = layer === 'symbol_batch' ? symbolFigures(result) : portfolioFigures(result)
    return [...own, ...commonFigures(result, layer, dates)]
  })
}

type NamedPhase = readonly [name: string, phase: PhaseResult]

function phasesOfLayer({ phases }: DateResult, layer: RunLayer): readonly NamedPhase[] {
  const isSymbols = layer === 'symbol_batch'
  return Object.entries(phases).filter(([name]) => SYMBOL_PHASES.has(name) === isSymbols)
}

function symbolFigures({ symbols_processed }: RunResult): readonly MetricReading[] {
  return [{ name: 'v2.symbol_batch.symbols_processed', value: symbols_processed, tags: {} }]
}

function portfolioFigures(result: RunResult): readonly MetricReading[] {
  const { dates, target_date, portfolios_processed } = result
  const snapshots = dates.flatMap(({ phases }) => phases['snapshots'] ?? [])
  // A portfolio that fails gets no later date in its run, so that none is counted twice.
  const failed = sum(snapshots.map((phase) => phase.failed))
  const created = sum(snapshots.map((phase) => phase.processed))
  const backfilled = dates.filter(({ date }) => date < target_date).length
  return [
    { name: 'v2.portfolio_refresh.portfolios_processed', value: portfolios_processed, tags: {} },
    { name: 'v2.portfolio_refresh.portfolios_failed', value: failed, tags: {} },
    { name: 'v2.portfolio_refresh.snapshots_created', value: created, tags: {} },
    { name: 'v2.portfolio_refresh.days_backfilled', value: backfilled, tags: {} },
  ]
}

/** By the worst session: in a long catch-up one dead symbol fails on every date and is still one. */
function commonFigures(
  result: RunResult,
  layer: RunLayer,
  dates: readonly (readonly NamedPhase[])[],
): readonly MetricReading[] {
  const errors = dates.map((phases) => sum(phases.map(([, phase]) => phase.failed)))
  const shares = dates.flat().map(([, phase]) => failedShare(phase))
  const seconds = new Map<string, number>()
  for (const [name, { duration_ms }] of dates.flat()) {
    seconds.set(name, (seconds.get(name) ?? 0) + duration_ms / 1000)
  }
  const duration =
    result.mode === 'legacy' ? sum([...seconds.values()]) : result.total_duration_seconds
  return [
    { name: `v2.${layer}.duration_seconds`, value: duration, tags: {} },
    { name: `v2.${layer}.errors`, value: Math.max(0, ...errors), tags: {} },
    { name: `v2.${layer}.failed_share`, value: Math.max(0, ...shares), tags: {} },
    ...[...seconds].map(([phase, value]) => ({
      name: `v2.${layer}.phase_duration_seconds` as const,
      value,
      tags: { phase },
    })),
    ...lastSuccess(result, layer),
  ]
}

function failedShare({ processed, skipped, failed }: PhaseResult): number {
  return failed === 0 ? 0 : failed / (processed + skipped + failed)
}

function lastSuccess(
  { status, completed_at }: RunResult,
  layer: RunLayer,
): readonly MetricReading[] {
  if (status !== 'completed' && status !== 'completed_with_warnings') return []
  const value = Math.floor(Date.parse(completed_at) / 1000)
  return [{ name: `v2.${layer}.last_success_timestamp_seconds`, value, tags: {} }]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
