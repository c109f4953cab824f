export {
  exposureBook,
  exposureSymbol,
  type ExposureBook,
  type ExposureLot,
  type HeldLot,
  type ValuedBook,
} from './exposure-book.ts'
export {
  portfolioExposures,
  type FactorBetas,
  type SymbolBetas,
  type PortfolioExposures,
} from './portfolio-exposures.ts'
export { savePortfolioExposures } from './store/save-portfolio-exposures.ts'
export { selectBetas } from './store/select-betas.ts'
export { selectDeltaDollars } from './store/select-delta-dollars.ts'
export { symbolDollars, type BookDollars } from './symbol-dollars.ts'
