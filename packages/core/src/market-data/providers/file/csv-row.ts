const COMMA = 0x2c
const SPACE = 0x20
const TAB = 0x09
const FORM_FEED = 0x0c
const CARRIAGE_RETURN = 0x0d

/**
 * One record of a CSV file, as spans of a text rather than as strings: a market file has some ten
 * million cells and most of them are numbers that never need a string of their own. Blanks around a
 * field do not count. The object is reused for every record; nobody may keep it.
 */
export class CsvRow {
  /** Line of the file, counted from 1. */
  line = 0
  /** Number of fields. */
  count = 0
  text = ''
  #bounds = new Int32Array(64)

  /** Takes the unquoted record at `start`..`end` (excluded) of a text. */
  setSpan(text: string, start: number, end: number): void {
    this.text = text
    this.count = 0
    let fieldStart = start
    for (let i = start; i < end; i++) {
      if (text.charCodeAt(i) !== COMMA) continue
      this.#push(fieldStart, i)
      fieldStart = i + 1
    }
    this.#push(fieldStart, end)
  }

  /** Takes a record that was split elsewhere. */
  setFields(fields: readonly string[]): void {
    this.text = fields.join('')
    this.count = 0
    let start = 0
    for (const field of fields) {
      this.#push(start, start + field.length)
      start += field.length
    }
  }

  /** Start of field `index` in `text`. */
  start(index: number): number {
    return this.#bounds[2 * index] ?? 0
  }

  /** End (excluded) of field `index` in `text`. */
  end(index: number): number {
    return this.#bounds[2 * index + 1] ?? 0
  }

  isEmpty(index: number): boolean {
    return this.start(index) === this.end(index)
  }

  field(index: number): string {
    return this.text.slice(this.start(index), this.end(index))
  }

  #push(from: number, to: number): void {
    let start = from
    let end = to
    while (start < end && isBlank(this.text.charCodeAt(start))) start++
    while (end > start && isBlank(this.text.charCodeAt(end - 1))) end--
    if (2 * this.count === this.#bounds.length) {
      const grown = new Int32Array(2 * this.#bounds.length)
      grown.set(this.#bounds)
      this.#bounds = grown
    }
    this.#bounds[2 * this.count] = start
    this.#bounds[2 * this.count + 1] = end
    this.count++
  }
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB || code === CARRIAGE_RETURN || code === FORM_FEED
}
