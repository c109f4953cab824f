export { DEMO_PORTFOLIO_IDS, seedDemo, type SeededPortfolio } from './seed-demo.ts'
export { assertNoRealPrices } from './store/assert-no-real-prices.ts'
