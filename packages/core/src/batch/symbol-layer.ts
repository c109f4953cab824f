import type { SessionDate } from '../calendar/iso-date.ts'
import { selectActiveDefinitions } from '../factors/index.ts'
import type { Layer } from './layer.ts'
import type { Phase } from './phase.ts'
import { companyProfilesPhase } from './phases/company-profiles.ts'
import { factorsPhase } from './phases/factors.ts'
import { feedbackLearningPhase } from './phases/feedback-learning.ts'
import { fundamentalsPhase } from './phases/fundamentals.ts'
import { pricesPhase } from './phases/prices.ts'
import { symbolMetricsPhase } from './phases/symbol-metrics.ts'
import { planDates } from './plan-dates.ts'
import type { RunRequest } from './run-request.ts'
import { selectTrackedDates } from './store/select-tracked-dates.ts'
import type { SymbolRunEnvironment } from './batch-environment.ts'
import { SymbolChunk } from './symbol-chunk.ts'
import type { SymbolContext } from './symbol-context.ts'

const SYMBOL_PHASES: readonly Phase<SymbolContext>[] = [
  companyProfilesPhase,
  pricesPhase,
  fundamentalsPhase,
  factorsPhase,
  symbolMetricsPhase,
  feedbackLearningPhase,
]

const BATCH_TYPE = 'symbol_batch'

/** The names that `--phase` knows, in the order the phases run. */
export function symbolPhaseNames(): readonly string[] {
  return SYMBOL_PHASES.map(({ name }) => name)
}

/** Everything true of a symbol whoever holds it: prices, factors, figures, upkeep. */
export function symbolLayer(
  environment: Pick<SymbolRunEnvironment, 'database' | 'chain' | 'clock' | 'executor' | 'settings'>,
  request: RunRequest,
): Layer<SymbolContext> {
  const { database, chain, clock, executor, settings } = environment
  const { scope } = request
  return {
    batchType: BATCH_TYPE,
    jobTypes: ['symbol_batch'],
    // What is learnt from runs concerns everybody's symbols, so a scoped run leaves it alone.
    phases:
      scope.kind === 'universe'
        ? SYMBOL_PHASES
        : SYMBOL_PHASES.filter((phase) => phase !== feedbackLearningPhase),
    async plan(asked, effective) {
      const tracked = await selectTrackedDates(database.db, BATCH_TYPE)
      return planDates(asked, tracked, { effective, order: SYMBOL_PHASES })
    },
    async open({ batchRunId, effectiveDate }) {
      const definitions = await selectActiveDefinitions(database.db)
      let current: { dates: readonly SessionDate[]; chunk: SymbolChunk } | null = null
      return (base, dates) => {
        if (current?.dates !== dates) {
          current = {
            dates,
            chunk: new SymbolChunk({ database, chain, scope, definitions, dates }),
          }
        }
        const { chunk } = current
        return {
          ...base,
          batchRunId,
          database,
          clock,
          settings,
          effectiveDate,
          definitions,
          companies: chain,
          executor,
          chunk,
        }
      }
    },
  }
}
