export { renderPortfolioPlan, renderSymbolPlan } from './render-plan.ts'
export { runBatchProgram, type BatchProgram } from './run-batch-program.ts'
