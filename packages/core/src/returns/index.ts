export type { PricePanel, ReturnPanel } from './panel.ts'
export { loadPricePanel, type PanelQuery } from './store/load-price-panel.ts'
export { totalGrowth } from './total-growth.ts'
export { totalReturns } from './total-returns.ts'
