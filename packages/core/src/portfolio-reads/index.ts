export { SNAPSHOT_MONEY } from '../portfolios/index.ts'
export type { DataStatus } from './data-status.ts'
export { exportPositions } from './export-positions.ts'
export { exportSnapshots } from './export-snapshots.ts'
export { selectClosings, type ClosingRow } from './store/select-closings.ts'
export { selectEquityChanges, type EquityChangeRow } from './store/select-equity-changes.ts'
export { selectPortfolios, type PortfolioSummary } from './store/select-portfolios.ts'
export { selectPositions, type PositionRow } from './store/select-positions.ts'
export {
  selectSnapshots,
  SNAPSHOT_COUNTS,
  SNAPSHOT_STATISTICS,
  type StoredSnapshot,
} from './store/select-snapshots.ts'
export { selectValuations, type ValuationRow } from './store/select-valuations.ts'
export { writeCsv, type CsvCell } from './write-csv.ts'
