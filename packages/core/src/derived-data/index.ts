export { clearDerived, type ClearedData, type ClearRequest } from './clear-derived.ts'
export { planClearing, type ClearingPlan } from './plan-clearing.ts'
