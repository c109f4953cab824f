import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { CsvError, parse } from 'csv-parse'
import type { CsvProblem } from './csv-problem.ts'
import { LineCounter } from './file-place.ts'

/** One line of values (or several lines, where a quoted value holds line breaks). */
export interface CsvRecord {
  readonly line: number
  readonly values: readonly string[]
}

/** What is thrown where the text stops being CSV. */
export class CsvSyntaxError extends Error {
  readonly problem: CsvProblem

  constructor(problem: CsvProblem, options?: ErrorOptions) {
    super(problem.message, options)
    this.problem = problem
  }
}

const CHUNK_BYTES = 64 * 1024
const MAX_RECORD_BYTES = 64 * 1024
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const
const [LF, CR, SPACE, HASH, TAB] = [10, 13, 32, 35, 9] as const

/**
 * Reads comma-separated values: quotes as in RFC 4180, LF, CRLF and CR in any mixture; blank lines and
 * lines that begin with # are left out. Others get their turn between chunks.
 *
 * @throws CsvSyntaxError
 */
export async function* readRecords(file: Uint8Array): AsyncGenerator<CsvRecord> {
  const hasMark = BYTE_ORDER_MARK.every((byte, i) => file[i] === byte)
  const bytes = hasMark ? file.subarray(BYTE_ORDER_MARK.length) : file
  const lines = new LineCounter(bytes)
  let end = 0
  const parser = Readable.from(chunksOf(bytes), { objectMode: false }).pipe(
    parse({
      info: true,
      comment: '#',
      comment_no_infix: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: MAX_RECORD_BYTES,
    }),
  )
  try {
    for await (const read of parser) {
      const { record, info } = read as { record: string[]; info: { bytes: number } }
      const line = lines.lineAt(contentFrom(bytes, end))
      end = info.bytes
      yield { line, values: record }
    }
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown
    throw new CsvSyntaxError(
      {
        code: 'CSV_002',
        // The offset after the last value that was read well; the one after it is broken.
        line: lines.lineAt(contentFrom(bytes, numberOf(thrown['bytes']))),
        column: numberOf(thrown['column']) + 1,
        field: null,
        symbol: null,
        message: MESSAGES[thrown.code] ?? 'this is not comma-separated text',
      },
      { cause: thrown },
    )
  }
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

const MESSAGES: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark that opens a value is never closed',
  CSV_MAX_RECORD_SIZE: 'a row of more than 64 kB: is a quotation mark not closed?',
  CSV_INVALID_CLOSING_QUOTE: 'a closing quotation mark is followed by something else than a comma',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE:
    'a closing quotation mark is followed by something else than a comma',
  INVALID_OPENING_QUOTE: 'a quotation mark in the middle of a value: double it and quote the value',
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    yield Buffer.from(bytes.buffer, bytes.byteOffset + start, chunkLength(bytes, start))
    await setImmediate()
  }
}

function chunkLength({ length }: Uint8Array, start: number): number {
  return Math.min(CHUNK_BYTES, length - start)
}

/** Where the next record begins: past blanks, line breaks and comments. */
function contentFrom(bytes: Uint8Array, from: number): number {
  let i = from
  for (;;) {
    let start = i
    while (bytes[start] === SPACE || bytes[start] === TAB) start += 1
    const byte = bytes[start]
    if (byte === LF || byte === CR) i = start + 1
    else if (byte === HASH) i = endOfLine(bytes, start)
    else return start
  }
}

function endOfLine(bytes: Uint8Array, from: number): number {
  let i = from
  while (i < bytes.length && bytes[i] !== LF && bytes[i] !== CR) i += 1
  return i
}
