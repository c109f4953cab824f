export { computeSymbolMetrics, type SymbolMetrics } from './compute-symbol-metrics.ts'
export { countFactorValues, selectProfiledSymbols } from './store/select-metric-inputs.ts'
export { saveSymbolMetrics } from './store/save-symbol-metrics.ts'
