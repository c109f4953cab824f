export { exposureBook, exposureSymbol, type ExposureBook } from './exposure-book.ts'
export {
  portfolioExposures,
  type FactorBetas,
  type PortfolioExposures,
} from './portfolio-exposures.ts'
export { savePortfolioExposures, type SavedExposures } from './store/save-portfolio-exposures.ts'
export { selectBetas } from './store/select-betas.ts'
export { selectDeltaDollars } from './store/select-delta-dollars.ts'
