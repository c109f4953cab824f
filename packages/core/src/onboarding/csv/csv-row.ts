import { shortened, type Column, type ColumnPlaces } from './columns.ts'
import type { CsvCode, CsvProblem } from './csv-problem.ts'
import type { CsvRecord } from './read-records.ts'

/** A row of the file whose values are asked for by column, and what is found wrong with it. */
export class CsvRow {
  readonly line: number
  readonly problems: CsvProblem[] = []
  readonly #values: readonly string[]
  readonly #places: ColumnPlaces

  constructor({ line, values }: CsvRecord, places: ColumnPlaces) {
    this.line = line
    this.#values = values
    this.#places = places
  }

  /** The value without blanks around it; empty when the file has no such column. */
  value(column: Column): string {
    const place = this.#places.get(column)
    return place === undefined ? '' : (this.#values[place] ?? '').trim()
  }

  has(column: Column): boolean {
    return this.value(column) !== ''
  }

  /** Notes what is wrong with a value; null, so that it can be what a reader returns. */
  refuse(column: Column, code: CsvCode, message: string): null {
    const place = this.#places.get(column)
    const symbol = this.value('Symbol')
    this.problems.push({
      code,
      line: this.line,
      column: place === undefined ? this.#values.length + 1 : place + 1,
      field: column,
      symbol: symbol === '' ? null : shortened(symbol),
      message,
    })
    return null
  }
}
