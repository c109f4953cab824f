import type { CsvRow } from './csv-row.ts'

const REQUIRED = ['date', 'symbol', 'close'] as const
const OPTIONAL = ['open', 'high', 'low', 'volume', 'dividend', 'split_ratio'] as const

export type BarColumn = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number]

/** Where each column of a bar stands in the rows of one file. */
export interface BarColumns {
  /** Index of the column in a row, or -1 when the file does not have it. */
  readonly index: Readonly<Record<BarColumn, number>>
  /** All names of the header, as written. */
  readonly names: readonly string[]
  /** Columns that mean nothing to us. */
  readonly ignored: readonly string[]
}

/** Finds the columns of a header row, in any order and letter case. */
export function readHeader(row: CsvRow): BarColumns | { readonly problem: string } {
  const names = Array.from({ length: row.count }, (_, i) => row.field(i))
  const lower = names.map((name) => name.toLowerCase())
  const known: readonly string[] = [...REQUIRED, ...OPTIONAL]
  const twice = lower.find((name, i) => known.includes(name) && lower.indexOf(name) !== i)
  if (twice !== undefined) return { problem: `names the column ${twice} twice` }
  const missing = REQUIRED.filter((name) => !lower.includes(name))
  if (missing.length > 0) {
    return {
      problem: `is not a header with the columns ${REQUIRED.join(', ')}: no ${missing.join(', ')}`,
    }
  }
  const index = Object.fromEntries(known.map((name) => [name, lower.indexOf(name)]))
  const ignored = names.filter((_, i) => !known.includes(lower[i] ?? ''))
  return { index: index as Record<BarColumn, number>, names, ignored }
}
