import { stringify } from 'csv-stringify/sync'

/** A cell: text, which a spreadsheet must not take for a formula, or a number as decimal text. */
export type CsvCell = string | { readonly number: string } | null

/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/

/** A CSV file (RFC 4180) with a header. Text that looks like a formula is kept from being one by an apostrophe. */
export function writeCsv(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  const cells = rows.map((row) => row.map(textOf))
  return stringify([[...header], ...cells], { record_delimiter: 'windows' })
}

function textOf(cell: CsvCell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return cell.number
  return FORMULA.test(cell) ? `'${cell}` : cell
}
