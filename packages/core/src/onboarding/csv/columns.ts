import type { CsvProblem } from './csv-problem.ts'
import type { CsvRecord } from './read-records.ts'

/** The columns of the format by their names, in the template's order. */
export const COLUMNS = [
  'Symbol',
  'Quantity',
  'Entry Price Per Share',
  'Entry Date',
  'Investment Class',
  'Investment Subtype',
  'Underlying Symbol',
  'Strike Price',
  'Expiration Date',
  'Option Type',
  'Exit Date',
  'Exit Price Per Share',
  'Market Value',
] as const
export type Column = (typeof COLUMNS)[number]

const REQUIRED: readonly Column[] = ['Symbol', 'Quantity', 'Entry Price Per Share', 'Entry Date']

/** Where each column stands, from 0; absent when the file does not have it. */
export type ColumnPlaces = ReadonlyMap<Column, number>

/** What a header says: where the columns are, or what is wrong with it. */
export type Header =
  | { readonly ok: true; readonly places: ColumnPlaces; readonly width: number }
  | { readonly ok: false; readonly problems: readonly CsvProblem[] }

/**
 * Reads a header. Names match in any case, in any order. An unknown name is refused rather than left out:
 * it may be a misspelt one whose values matter. Empty names at the end, which spreadsheets leave, are cut.
 */
export function readHeader({ line, values }: CsvRecord): Header {
  const width = values.findLastIndex((name) => name !== '') + 1
  const names = values.slice(0, width)
  const problem = (
    code: CsvProblem['code'],
    place: { column: number; field: string | null },
    message: string,
  ): CsvProblem => ({ code, line, ...place, symbol: null, message })
  const [only = ''] = names
  if (names.length === 1 && columnNamed(only) === null) {
    const hint = /[;\t|]/.test(only) ? ': values are separated by commas here' : ''
    const message = `the first line is no header of comma-separated names${hint}`
    return { ok: false, problems: [problem('CSV_002', { column: 1, field: null }, message)] }
  }
  const places = new Map<Column, number>()
  const problems: CsvProblem[] = []
  for (const [i, name] of names.entries()) {
    const column = columnNamed(name)
    const place = { column: i + 1, field: name === '' ? null : shortened(name) }
    if (column === null) {
      const message = name === '' ? 'a column without a name' : 'no column of this format'
      problems.push(problem('CSV_005', place, `${message}; there are ${COLUMNS.join(', ')}`))
    } else if (places.has(column)) {
      problems.push(problem('CSV_005', place, `the column ${column} is there twice`))
    } else places.set(column, i)
  }
  for (const column of REQUIRED) {
    if (places.has(column)) continue
    const place = { column: width + 1, field: column }
    problems.push(problem('CSV_004', place, `the column ${column} is missing`))
  }
  return problems.length === 0 ? { ok: true, places, width } : { ok: false, problems }
}

const BY_NAME: ReadonlyMap<string, Column> = new Map(
  COLUMNS.map((column) => [column.toLowerCase(), column]),
)

function columnNamed(name: string): Column | null {
  return BY_NAME.get(name.toLowerCase().replace(/[\s_]+/g, ' ')) ?? null
}

const SHOWN = 40

/** A value of the file as far as it is shown in an answer. */
export function shortened(value: string): string {
  return value.length <= SHOWN ? value : `${value.slice(0, SHOWN)}...`
}
