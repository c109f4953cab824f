import { isUtf8 } from 'node:buffer'
import type { CsvCode, CsvProblem } from './csv-problem.ts'
import { placeOf } from './file-place.ts'

export const MAX_BYTES = 10 * 1024 * 1024
/** Far beyond any row of this format. A longer line would cost memory before anything is known of it. */
const MAX_LINE_BYTES = 64 * 1024
/** Rows, comments and blanks. A file of nothing but line breaks would take its time, too. */
const MAX_LINES = 200_000

const LF = 10
const CR = 13

/**
 * What is wrong with a file before its first value is read: too large, not UTF-8, not text, or a line
 * without end; null when nothing is.
 */
export function checkBytes(bytes: Uint8Array): CsvProblem | null {
  if (bytes.length > MAX_BYTES) {
    return problemAt(bytes, MAX_BYTES, 'CSV_001', 'the file is larger than 10 MB')
  }
  if (hasUtf16Mark(bytes)) {
    return problemAt(bytes, 0, 'CSV_006', 'the file is UTF-16: save it as "CSV UTF-8"')
  }
  if (!isUtf8(bytes)) {
    const message = 'the file is not UTF-8 here: save it as "CSV UTF-8"'
    return problemAt(bytes, firstBadByte(bytes), 'CSV_006', message)
  }
  const zero = bytes.indexOf(0)
  if (zero >= 0) {
    const message = 'the file holds bytes that are no text: save it as "CSV UTF-8"'
    return problemAt(bytes, zero, 'CSV_006', message)
  }
  return checkLines(bytes)
}

function problemAt(bytes: Uint8Array, offset: number, code: CsvCode, message: string): CsvProblem {
  return { code, ...placeOf(bytes, offset), field: null, symbol: null, message }
}

function hasUtf16Mark([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

/** Halves the part that must hold the first bad byte; parts are cut between characters only. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0
  let bad = bytes.length
  while (bad - good > 1) {
    const half = good + Math.ceil((bad - good) / 2)
    const cut = startOfCharacter(bytes, half, good)
    if (cut === good) {
      bad = half === bad ? good : half
      if (bad <= good) return good
    } else if (isUtf8(bytes.subarray(good, cut))) good = cut
    else bad = cut
  }
  return good
}

/** The nearest offset at or before one that begins a character, at most three bytes back. */
function startOfCharacter(bytes: Uint8Array, offset: number, least: number): number {
  let start = offset
  while (start > least && offset - start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1
  return start
}

function checkLines(bytes: Uint8Array): CsvProblem | null {
  let start = 0
  let lines = 1
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === LF || byte === CR) {
      start = i + 1
      lines += 1
      if (lines > MAX_LINES) {
        return problemAt(bytes, i, 'CSV_001', `the file has more than ${MAX_LINES} lines`)
      }
    } else if (i - start > MAX_LINE_BYTES) {
      const message = 'a line of more than 64 kB is no line of a CSV file'
      return problemAt(bytes, start, 'CSV_002', message)
    }
  }
  return null
}
