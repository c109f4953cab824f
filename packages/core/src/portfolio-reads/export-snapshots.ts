import { SNAPSHOT_MONEY } from '../portfolios/index.ts'
import {
  SNAPSHOT_COUNTS,
  SNAPSHOT_STATISTICS,
  type StoredSnapshot,
} from './store/select-snapshots.ts'
import { writeCsv } from './write-csv.ts'

const NUMBERS = [...SNAPSHOT_MONEY, ...SNAPSHOT_COUNTS, ...SNAPSHOT_STATISTICS]

/** Snapshots as a CSV file, a line a session. */
export function exportSnapshots(rows: readonly StoredSnapshot[]): string {
  const header = ['snapshot_date', ...NUMBERS, 'volatility_trend', 'is_partial']
  return writeCsv(
    header,
    rows.map((row) => [
      row.snapshot_date,
      ...NUMBERS.map((name) => {
        const value = row[name]
        return value === null ? null : { number: String(value) }
      }),
      row.volatility_trend,
      String(row.is_partial),
    ]),
  )
}
