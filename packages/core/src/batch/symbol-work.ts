import type { SessionDate } from '../calendar/iso-date.ts'
import type { Ticker } from '../symbols/index.ts'
import { cutIntoChunks, type UnitExecutor, type WorkUnit } from '../work-units/index.ts'
import { computeDateFactors } from './compute-date-factors.ts'
import { computeDateMetrics } from './compute-date-metrics.ts'
import { addFactorSummaries, summariseFactors, type FactorSummary } from './factor-summary.ts'
import { addMetricsSummaries, summariseMetrics, type MetricsSummary } from './metrics-summary.ts'
import type { ItemFailure } from './phase.ts'
import type { SymbolContext } from './symbol-context.ts'
import type { SymbolTaskText } from './symbol-task.ts'

/** Symbols per chunk at most. */
const MOST_SYMBOLS = 1_000

/** Symbols of one date. */
export interface DatedSymbols {
  readonly date: SessionDate
  readonly symbols: readonly Ticker[]
}

/** Computes and stores the factors of symbols on a date: here, or in chunks where the run has others do them. */
export async function factorsOf(
  context: SymbolContext,
  { date, symbols }: DatedSymbols,
): Promise<FactorSummary> {
  const { database, definitions, executor, signal } = context
  if (executor === undefined) {
    const { returns } = await context.chunk.panel()
    const request = { database, definitions, signal, date, symbols, returns }
    const { result, written } = await computeDateFactors(request)
    return summariseFactors(result, written)
  }
  const parts = await handOut<FactorSummary>(context, executor, {
    compute: 'factors',
    of: { date, symbols },
    failed: (failures) => ({ ...addFactorSummaries([]), failures }),
  })
  return addFactorSummaries(parts)
}

/** Computes and stores the figures of symbols on a date, after their factors. */
export async function metricsOf(
  context: SymbolContext,
  { date, symbols }: DatedSymbols,
): Promise<MetricsSummary> {
  const { database, definitions, executor, signal } = context
  if (executor === undefined) {
    const request = { database, definitions, signal, date, symbols }
    return summariseMetrics(await computeDateMetrics(request, await context.chunk.panel()))
  }
  const parts = await handOut<MetricsSummary>(context, executor, {
    compute: 'metrics',
    of: { date, symbols },
    failed: (failures) => ({ ...addMetricsSummaries([]), failures }),
  })
  return addMetricsSummaries(parts)
}

interface HandedOut<Summary> {
  readonly compute: SymbolTaskText['compute']
  readonly of: DatedSymbols
  /** Stands for a chunk that could not be done. */
  readonly failed: (failures: readonly ItemFailure[]) => Summary
}

async function handOut<Summary extends object>(
  { batchRunId, chunk: slice, log, progress, signal }: SymbolContext,
  executor: UnitExecutor,
  { compute, failed, of: { date, symbols } }: HandedOut<Summary>,
): Promise<readonly Summary[]> {
  const chunks = cutIntoChunks(symbols, executor, MOST_SYMBOLS)
  const units = chunks.map((some, i): WorkUnit => {
    const task: SymbolTaskText = { compute, symbols: [...some], ...slice.range }
    const chunk = `${compute} ${i + 1}/${chunks.length}`
    return { kind: 'symbol-batch', chunk, date, batchRunId, task }
  })
  log.info({ compute, chunks: chunks.length, symbols: symbols.length }, 'symbols_handed_out')
  const ends = await executor.run(units, {
    log,
    signal,
    progress: (ended) => {
      progress(Math.round((symbols.length * ended) / units.length), symbols.length)
    },
  })
  return ends.map((end, i) => {
    if (end.ok) return end.output as Summary
    const { attempts, message } = end
    return failed(
      (chunks[i] ?? []).map((itemId) => {
        return { itemId, reason: 'chunk_failed', category: 'transient', message, attempts }
      }),
    )
  })
}
