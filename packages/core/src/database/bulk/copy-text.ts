/** A value COPY can carry. Numbers may be NaN or infinite where the column is `double precision`. */
export type CopyValue = string | number | null
export type CopyRow = readonly CopyValue[]

const CHUNK_CHARACTERS = 65_536

/**
 * Rows in PostgreSQL's COPY text format, in chunks of about 64 kB of whole rows.
 * Source of the format: PostgreSQL manual, COPY, "Text Format".
 *
 * @throws Error when a row has another number of values than `width`
 */
export function* copyText(rows: Iterable<CopyRow>, width: number): Iterable<Buffer> {
  let chunk = ''
  for (const row of rows) {
    if (row.length !== width) {
      throw new Error(`a row has ${row.length} values, but there are ${width} columns`)
    }
    for (let i = 0; i < width; i++) {
      chunk += (i === 0 ? '' : '\t') + fieldText(row[i] ?? null)
    }
    chunk += '\n'
    if (chunk.length >= CHUNK_CHARACTERS) {
      yield Buffer.from(chunk)
      chunk = ''
    }
  }
  if (chunk !== '') yield Buffer.from(chunk)
}

const SPECIAL = /[\\\t\n\r]/
const SPECIALS = /[\\\t\n\r]/g
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

function fieldText(value: CopyValue): string {
  if (value === null) return '\\N'
  if (typeof value === 'number') return String(value)
  return SPECIAL.test(value) ? value.replace(SPECIALS, (c) => ESCAPES[c] ?? c) : value
}
