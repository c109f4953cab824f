export type { RunSource } from './job-type.ts'
export type { RunResult } from './result.ts'
export type { DateSelection, Reprocess, RunRequest, SymbolScope } from './run-request.ts'
export {
  planSymbolRun,
  runSymbolBatch,
  type SymbolRunEnvironment,
  type SymbolRunPlan,
} from './run-symbol-batch.ts'
export { selectLastRuns } from './store/select-last-runs.ts'
export { symbolPhaseNames } from './symbol-layer.ts'
