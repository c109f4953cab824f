import type { IsoDate } from '../../calendar/iso-date.ts'
import { checkBytes } from './check-bytes.ts'
import { readHeader, type Header } from './columns.ts'
import type { CsvProblem } from './csv-problem.ts'
import { CsvRow } from './csv-row.ts'
import type { NewLot } from './new-lot.ts'
import { readLot } from './read-lot.ts'
import { CsvSyntaxError, readRecords, type CsvRecord } from './read-records.ts'

export const MAX_ROWS = 10_000

/** What a file says: lots in the file's order, or everything that is wrong with it. */
export type ParsedPositions =
  | { readonly ok: true; readonly lots: readonly NewLot[] }
  | { readonly ok: false; readonly problems: readonly CsvProblem[] }

/**
 * Reads the CSV format of positions (chapter 80). Everything wrong with any row is reported, in the file's
 * order; one problem refuses the file. What cannot be read as CSV at all ends the reading there.
 *
 * @param today the last date that an entry may have
 */
export async function parsePositions(file: Uint8Array, today: IsoDate): Promise<ParsedPositions> {
  const unreadable = checkBytes(file)
  if (unreadable !== null) return { ok: false, problems: [unreadable] }
  const reader = new PositionsReader(today)
  try {
    for await (const record of readRecords(file)) if (!reader.read(record)) break
  } catch (thrown) {
    if (!(thrown instanceof CsvSyntaxError)) throw thrown
    reader.problems.push(thrown.problem)
  }
  return reader.result()
}

class PositionsReader {
  readonly problems: CsvProblem[] = []
  readonly #today: IsoDate
  readonly #lots: NewLot[] = []
  readonly #seen = new Map<string, number>()
  #header: (Header & { ok: true }) | null = null
  #records = 0
  #lastLine = 1

  constructor(today: IsoDate) {
    this.#today = today
  }

  /** Takes the next record; false when the rest need not be read. */
  read(record: CsvRecord): boolean {
    this.#lastLine = record.line
    if (this.#header === null) return isBlank(record) || this.#readHeader(record)
    this.#records += 1
    if (this.#records > MAX_ROWS) {
      this.#refuse(record.line, 'CSV_001', `the file has more than ${MAX_ROWS} rows`)
      return false
    }
    if (!isBlank(record)) this.#readRow(record, this.#header)
    return true
  }

  result(): ParsedPositions {
    if (this.problems.length === 0 && this.#lots.length === 0) {
      this.#refuse(this.#lastLine, 'CSV_003', 'the file has no row with a position')
    }
    const { problems } = this
    return problems.length > 0 ? { ok: false, problems } : { ok: true, lots: this.#lots }
  }

  #readHeader(record: CsvRecord): boolean {
    const header = readHeader(record)
    if (header.ok) this.#header = header
    else this.problems.push(...header.problems)
    return header.ok
  }

  #readRow({ line, values }: CsvRecord, { places, width }: Header & { ok: true }): void {
    const filled = values.findLastIndex((value) => value !== '') + 1
    if (values.length < width || filled > width) {
      // A decimal comma moves everything behind it; taking such a row would import wrong numbers.
      const message = `${values.length} values, but the header names ${width} columns`
      const column = Math.min(values.length, width + 1)
      this.problems.push({ code: 'CSV_002', line, column, field: null, symbol: null, message })
      return
    }
    const row = new CsvRow({ line, values }, places)
    const lot = readLot(row, this.#today)
    if (lot !== null) this.#keep(row, lot)
    this.problems.push(...row.problems)
  }

  #keep(row: CsvRow, lot: NewLot): void {
    const key = `${lot.symbol}|${lot.entryDate}|${lot.entryPrice}`
    const earlier = this.#seen.get(key)
    if (earlier === undefined) {
      this.#seen.set(key, lot.line)
      this.#lots.push(lot)
    } else {
      const message = `the same symbol, entry date and entry price as in line ${earlier}`
      row.refuse('Symbol', 'POS_023', message)
    }
  }

  #refuse(line: number, code: CsvProblem['code'], message: string): void {
    this.problems.push({ code, line, column: 1, field: null, symbol: null, message })
  }
}

function isBlank({ values }: CsvRecord): boolean {
  return values.every((value) => value === '')
}
