export { renderPhases, renderList } from './render-plan.ts'
export { runBatchProgram, type BatchProgram } from './run-batch-program.ts'
