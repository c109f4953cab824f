import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { coerceError } from '../../../errors/index.ts'
import { readHeader } from './bar-columns.ts'
import { BarRowReader } from './bar-row-reader.ts'
import type { CsvRow } from './csv-row.ts'
import type { DateTable } from './date-table.ts'
import { ProblemList, type FileReport } from './file-report.ts'
import type { PriceFile } from './price-files.ts'
import { readCsv, type CsvHandler } from './read-csv.ts'
import type { SymbolTable } from './symbol-table.ts'

const CHUNK_BYTES = 262_144

export interface FileReading {
  readonly dates: DateTable
  readonly symbols: SymbolTable
  readonly skipBadRows: boolean
  readonly signal: AbortSignal
}

export interface FileResult {
  readonly report: FileReport
  /** Columns of the header that mean nothing to us. */
  readonly ignoredColumns: readonly string[]
}

/**
 * Streams one file into the table of symbols. Either its good rows are all kept or none: none when the
 * file cannot be read to its end, has no proper header, or has bad rows that may not be skipped. The
 * file is read on after a bad row, so that the report counts all of them.
 *
 * @throws the signal's reason when aborted; everything else is in the report.
 */
export async function readPriceFile(file: PriceFile, reading: FileReading): Promise<FileResult> {
  const rows = new FileRows(reading)
  let isReadable = true
  try {
    await readCsv(openFile(file, reading.signal), rows)
    rows.end()
  } catch (thrown) {
    reading.signal.throwIfAborted()
    isReadable = false
    const { message } = coerceError(thrown)
    rows.problems.add({
      line: rows.line,
      column: null,
      text: '',
      message: `stops the reading: ${message}`,
    })
  }
  const status = rows.status(isReadable)
  reading.symbols.endFile(status === 'served')
  const { count: problemCount, first: problems } = rows.problems
  const report = { file: file.name, rows: rows.good, status, problemCount, problems }
  return { report, ignoredColumns: rows.ignoredColumns }
}

function openFile(file: PriceFile, signal: AbortSignal): AsyncIterable<Buffer> {
  const raw = createReadStream(file.path, { highWaterMark: CHUNK_BYTES, signal })
  if (!file.isCompressed) return raw
  const plain = createGunzip({ chunkSize: CHUNK_BYTES })
  // An error of either stream ends the other one and reaches whoever reads the last.
  pipeline(raw, plain, () => undefined)
  return plain
}

/** The first row is the header, the others are bars. */
class FileRows implements CsvHandler {
  readonly problems = new ProblemList()
  good = 0
  line = 1
  ignoredColumns: readonly string[] = []
  readonly #reading: FileReading
  #reader: BarRowReader | null = null
  #hasHeaderProblem = false

  constructor(reading: FileReading) {
    this.#reading = reading
  }

  onRow(row: CsvRow): void {
    this.line = row.line
    if (this.#hasHeaderProblem) return
    if (this.#reader === null) {
      this.#readHeader(row)
      return
    }
    const problem = this.#reader.read(row)
    if (problem !== null) {
      this.problems.add(problem)
      return
    }
    this.good++
    const { symbol, dateId, values } = this.#reader
    if (symbol.requested.length > 0) symbol.keep(this.#reader.date(), dateId, values)
  }

  onBrokenLine(line: number, text: string, error: Error): void {
    this.line = line
    if (this.#reader === null) this.#hasHeaderProblem = true
    this.problems.add({ line, column: null, text, message: `has broken quotes: ${error.message}` })
  }

  end(): void {
    if (this.#reader !== null || this.#hasHeaderProblem) return
    this.#hasHeaderProblem = true
    this.problems.add({ line: 1, column: null, text: '', message: 'is missing: the file is empty' })
  }

  status(isReadable: boolean): FileReport['status'] {
    if (!isReadable || this.#hasHeaderProblem) return 'unreadable'
    return this.problems.count === 0 || this.#reading.skipBadRows ? 'served' : 'refused'
  }

  #readHeader(row: CsvRow): void {
    const columns = readHeader(row)
    if ('problem' in columns) {
      this.#hasHeaderProblem = true
      const text = Array.from({ length: row.count }, (_, i) => row.field(i)).join(',')
      this.problems.add({ line: row.line, column: null, text, message: columns.problem })
      return
    }
    this.ignoredColumns = columns.ignored
    this.#reader = new BarRowReader(columns, this.#reading.dates, this.#reading.symbols)
  }
}
