export type {
  BatchEnvironment,
  PortfolioRunEnvironment,
  SymbolRunEnvironment,
} from './batch-environment.ts'
export type { RunResult } from './result.ts'
export type { RunRequest, SymbolScope } from './run-request.ts'
export { legacyPhaseNames, runLegacyBatch, type LegacyRunEnvironment } from './run-legacy-batch.ts'
export { selectDates, selectPhases } from './select-dates.ts'
export { planSymbolRun, runSymbolBatch, type SymbolRunPlan } from './run-symbol-batch.ts'
export {
  planPortfolioRun,
  runPortfolioRefresh,
  type PortfolioRunPlan,
} from './run-portfolio-refresh.ts'
export { portfolioPhaseNames } from './portfolio-layer.ts'
export { selectLastRuns } from './store/select-last-runs.ts'
export { symbolPhaseNames } from './symbol-layer.ts'
export { observeAll, type RunObserver } from './observer.ts'
export { planCatchUp } from './plan-catch-up.ts'
export { closeDeadRuns } from './dead-runs.ts'
export { PanelMemory } from './panel-memory.ts'
export { performUnit, type UnitEnvironment } from './perform-unit.ts'
