import { readFileSync } from 'node:fs'
import { sharedFile } from '../harness/shared-data.ts'

/** A row of a truth file by column; an unknown column is an error, an empty cell is NaN or ''. */
export interface TruthRow {
  text(column: string): string
  number(column: string): number
}

/** The rows of `shared/truth/<name>.csv`. */
export function truthTable(name: string): readonly TruthRow[] {
  const [header = '', ...lines] = readFileSync(sharedFile(`truth/${name}.csv`), 'utf8')
    .trimEnd()
    .split('\n')
  const columns = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    const text = (column: string): string => {
      const cell = cells[columns.indexOf(column)]
      if (cell === undefined) throw new Error(`${name} has no column ${column}`)
      return cell
    }
    return {
      text,
      number: (column) => (text(column) === '' ? NaN : Number(text(column))),
    }
  })
}
