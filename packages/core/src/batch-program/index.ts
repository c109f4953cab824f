export { renderPortfolioPlan, renderSymbolPlan } from './render-plan.ts'
export { runWorkProgram } from './run-work-program.ts'
export { runBatchProgram, type BatchProgram } from './run-batch-program.ts'
