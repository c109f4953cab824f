import { proxySymbols, selectActiveDefinitions } from '../factors/index.ts'
import { totalReturns } from '../returns/index.ts'
import type { WorkUnit } from '../work-units/index.ts'
import { computeDateFactors } from './compute-date-factors.ts'
import { computeDateMetrics } from './compute-date-metrics.ts'
import { summariseFactors, type FactorSummary } from './factor-summary.ts'
import { summariseMetrics, type MetricsSummary } from './metrics-summary.ts'
import type { UnitEnvironment } from './perform-unit.ts'
import { parseSymbolTask } from './symbol-task.ts'

/** Computes factors or figures of a chunk of symbols on a date. */
export async function performSymbolUnit(
  { database, panels, signal }: UnitEnvironment,
  { batchRunId, date, task }: WorkUnit,
): Promise<FactorSummary | MetricsSummary> {
  const { compute, symbols, from, to } = parseSymbolTask(task)
  const definitions = await selectActiveDefinitions(database.db)
  panels.use({ database, batchRunId, others: proxySymbols(definitions) })
  const { panel: prices } = await panels.read({ symbols, from, to })
  const panel = { prices, returns: totalReturns(prices) }
  const request = { database, definitions, signal, date, symbols }
  if (compute === 'metrics') return summariseMetrics(await computeDateMetrics(request, panel))
  const { result, written } = await computeDateFactors({ ...request, returns: panel.returns })
  return summariseFactors(result, written)
}
