import type { BarColumn } from './bar-columns.ts'

/** A column of numbers and what may stand in it. */
export interface NumberColumn {
  readonly name: BarColumn
  /** Decimals kept, as many as the column of `market_data_cache` has. */
  readonly places: number
  /** The first number that the column of the table cannot hold. */
  readonly limit: number
  readonly mayBeZero: boolean
}

/** The numbers of a bar, in the order in which rows are kept. */
export const NUMBER_COLUMNS: readonly NumberColumn[] = [
  { name: 'open', places: 6, limit: 1e12, mayBeZero: false },
  { name: 'high', places: 6, limit: 1e12, mayBeZero: false },
  { name: 'low', places: 6, limit: 1e12, mayBeZero: false },
  { name: 'close', places: 6, limit: 1e12, mayBeZero: false },
  { name: 'volume', places: 0, limit: Number.MAX_SAFE_INTEGER, mayBeZero: true },
  { name: 'dividend', places: 6, limit: 1e12, mayBeZero: true },
  { name: 'split_ratio', places: 10, limit: 1e10, mayBeZero: false },
]
/** Numbers per bar. */
export const BAR_NUMBERS = NUMBER_COLUMNS.length
