import type { Database } from '../database/index.ts'
import type { Logger } from '../logging/index.ts'
import type { WorkUnit } from '../work-units/index.ts'
import type { PanelMemory } from './panel-memory.ts'
import { performPortfolioUnit } from './perform-portfolio-unit.ts'
import { performSymbolUnit } from './perform-symbol-unit.ts'
import { holdRunOpen } from './store/hold-run-open.ts'
import { watchRun } from './watch-run.ts'

/** What a worker brings to every unit it does. */
export interface UnitEnvironment {
  readonly database: Database
  readonly log: Logger
  /** Aborts when the unit is to be left. */
  readonly signal: AbortSignal
  readonly sleep: (milliseconds: number) => Promise<void>
  /** Kept from unit to unit. */
  readonly panels: PanelMemory
}

/**
 * Does a unit of work for a run that another process or thread leads. Nothing is written once that run is no
 * longer running.
 *
 * @throws RunOver; an error when the unit's words are not understood
 */
export async function performUnit(environment: UnitEnvironment, unit: WorkUnit): Promise<object> {
  const { database } = environment
  const { batchRunId, chunk, date, kind } = unit
  const log = environment.log.child({ batch_run_id: batchRunId, chunk, batch_date: date })
  await using watch = await watchRun(database.db, batchRunId, log)
  const signal = AbortSignal.any([environment.signal, watch.signal])
  const guard: Database['guard'] = (client) => holdRunOpen(client, batchRunId)
  const own = { ...environment, log, signal, database: { ...database, guard } }
  const started = performance.now()
  const output =
    kind === 'portfolio-refresh'
      ? await performPortfolioUnit(own, unit)
      : await performSymbolUnit(own, unit)
  log.info({ duration_ms: Math.round(performance.now() - started) }, 'unit_done')
  return output
}
