import type { IsoDate } from '../../../calendar/iso-date.ts'
import type { BarColumn, BarColumns } from './bar-columns.ts'
import { BAR_NUMBERS, NUMBER_COLUMNS, type NumberColumn } from './number-columns.ts'
import type { CsvRow } from './csv-row.ts'
import type { DateTable } from './date-table.ts'
import type { FileProblem } from './file-report.ts'
import type { FileSymbol, SymbolTable } from './symbol-table.ts'
import { readDecimal } from './read-decimal.ts'

const [HIGH, LOW, CLOSE, DIVIDEND, SPLIT_RATIO] = [1, 2, 3, 5, 6]

/**
 * Turns rows of one file into bars, into fields of its own that the next row overwrites. An empty
 * cell and an absent column are NaN: unknown.
 */
export class BarRowReader {
  readonly #columns: BarColumns
  readonly #dates: DateTable
  readonly #symbols: SymbolTable
  readonly #numberFields: readonly number[]
  /** open, high, low, close, volume, dividend, split ratio. */
  readonly values = new Float64Array(BAR_NUMBERS)
  /** Index in the table of dates. */
  dateId = 0
  /** Symbol of the row last read without a problem. */
  symbol!: FileSymbol

  constructor(columns: BarColumns, dates: DateTable, symbols: SymbolTable) {
    this.#columns = columns
    this.#dates = dates
    this.#symbols = symbols
    this.#numberFields = NUMBER_COLUMNS.map(({ name }) => columns.index[name])
  }

  /** Reads a row; the first thing wrong with it, from left to right of our own columns, or null. */
  read(row: CsvRow): FileProblem | null {
    const { names } = this.#columns
    if (row.count !== names.length) {
      const message = `has ${row.count} fields where the header has ${names.length}`
      return { line: row.line, column: null, text: rowText(row), message }
    }
    return (
      this.#readKey(row) ?? this.#readNumbers(row) ?? this.#checkBar(row) ?? this.#claimDate(row)
    )
  }

  date(): IsoDate {
    return this.#dates.date(this.dateId)
  }

  #readKey(row: CsvRow): FileProblem | null {
    const dateText = row.field(this.#columns.index.date)
    this.dateId = this.#dates.id(dateText)
    if (this.dateId < 0) return this.#problem(row, 'date', 'is not a date (YYYY-MM-DD)')
    const symbol = this.#symbols.find(row.field(this.#columns.index.symbol))
    if (symbol === null) return this.#problem(row, 'symbol', 'is not a symbol')
    symbol.isSeen = true
    this.symbol = symbol
    return null
  }

  #readNumbers(row: CsvRow): FileProblem | null {
    for (let i = 0; i < BAR_NUMBERS; i++) {
      const field = this.#numberFields[i] ?? -1
      if (field < 0 || row.isEmpty(field)) {
        this.values[i] = Number.NaN
        continue
      }
      const column = NUMBER_COLUMNS[i] as NumberColumn
      const value = readDecimal(row.text, row.start(field), row.end(field), column.places)
      this.values[i] = value
      if (value > 0 && value < column.limit) continue
      if (value === 0 && column.mayBeZero) continue
      return this.#problem(row, column.name, whyNot(value, column))
    }
    return null
  }

  #checkBar(row: CsvRow): FileProblem | null {
    if ((this.values[HIGH] as number) < (this.values[LOW] as number)) {
      return this.#problem(row, 'high', `is below the low ${this.values[LOW]}`)
    }
    if (!Number.isNaN(this.values[CLOSE])) return null
    const hasDividend = (this.values[DIVIDEND] as number) > 0
    const splitRatio = this.values[SPLIT_RATIO] as number
    const hasSplit = !Number.isNaN(splitRatio) && splitRatio !== 1
    if (hasDividend || hasSplit) return null
    return this.#problem(row, 'close', 'is empty, which only a row with a dividend or split may be')
  }

  #claimDate(row: CsvRow): FileProblem | null {
    if (this.symbol.claim(this.dateId)) return null
    return this.#problem(row, 'date', `is there already for ${this.symbol.ticker} in this file`)
  }

  #problem(row: CsvRow, column: BarColumn, message: string): FileProblem {
    const index = this.#columns.index[column]
    const name = this.#columns.names[index] ?? column
    return { line: row.line, column: name, text: row.field(index), message }
  }
}

function whyNot(value: number, column: NumberColumn): string {
  if (Number.isNaN(value)) return 'is not a plain decimal number'
  if (value >= column.limit) return `is too large: ${column.limit} or more`
  return column.mayBeZero ? 'is negative' : 'is not a positive number'
}

function rowText(row: CsvRow): string {
  return Array.from({ length: row.count }, (_, i) => row.field(i)).join(',')
}
