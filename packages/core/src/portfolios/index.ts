export { SNAPSHOT_MONEY } from './snapshot-money.ts'
export { loadBooks, type BookRequest, type LoadedBook } from './store/load-books.ts'
export { HeldCloses } from './held-closes.ts'
export { loadPortfolioPrices } from './store/load-portfolio-prices.ts'
export { loadValuedBook } from './store/load-valued-book.ts'
export { lockPortfolios } from './store/lock-portfolios.ts'
export { requirePortfolio } from './store/require-portfolio.ts'
export {
  deleteExpiries,
  saveExpiries,
  suspendExpiries,
  type Expiry,
} from './store/save-expiries.ts'
export { saveSnapshots, type SnapshotRow } from './store/save-snapshots.ts'
export { selectLatePrices } from './store/select-late-prices.ts'
export { selectOwnedPortfolio, type OwnedPortfolio } from './store/select-owned-portfolio.ts'
export { selectPortfolioStates, type PortfolioState } from './store/select-portfolio-states.ts'
export { selectPortfoliosLackingFactors } from './store/select-portfolios-lacking-factors.ts'
export { touchPortfolios } from './store/touch-portfolios.ts'
export { selectSessionsWithoutBars } from './store/select-sessions-without-bars.ts'
