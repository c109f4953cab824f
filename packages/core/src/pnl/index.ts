export type {
  Book,
  Flow,
  InceptionRecord,
  Lot,
  PortfolioRecord,
  RealizedEvent,
  SnapshotRecord,
  StoredRecognition,
  Valuation,
} from './facts.ts'
export {
  formatCents,
  formatMicros,
  parseCents,
  parseMicros,
  type Cents,
  type Micros,
} from './exact/amounts.ts'
export { centsFromDollars } from './exact/cents-from-dollars.ts'
export { firstTouched } from './first-touched.ts'
export { openingEquity } from './opening-equity.ts'
export { openQuantity } from './open-quantity.ts'
export { contractOn, type ContractOnDate } from './options/contract-on.ts'
export { PATIENCE_SESSIONS, settleExpiry, type ExpirySettlement } from './options/settle-expiry.ts'
export {
  planSnapshots,
  type SnapshotPlan,
  type SnapshotRequest,
  type SnapshotState,
} from './plan-snapshots.ts'
export { createPriceSource, type StoredPrices } from './prices/create-price-source.ts'
export { NO_HISTORY, type PriceSource } from './prices/symbol-history.ts'
export { realizedPnl } from './realized-pnl.ts'
export type { BookValue, LotFigures, RunningTotals, SnapshotFigures } from './snapshot-figures.ts'
export { valueBook, type BookQuery } from './value-book.ts'
