const LF = 10
const CR = 13
const COMMA = 44

/** Where a byte of a file stands: its line, and which of the line's comma-separated values. From 1. */
export interface FilePlace {
  readonly line: number
  readonly column: number
}

/**
 * Finds lines of a file for offsets that only grow, so that all of them together cost one pass. LF, CRLF
 * and a lone CR each end a line, also inside of quotes, as in an editor.
 */
export class LineCounter {
  readonly #bytes: Uint8Array
  #offset = 0
  #line = 1

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  lineAt(offset: number): number {
    for (; this.#offset < offset; this.#offset++) {
      const byte = this.#bytes[this.#offset]
      const isBreak = byte === LF || (byte === CR && this.#bytes[this.#offset + 1] !== LF)
      if (isBreak) this.#line += 1
    }
    return this.#line
  }
}

/** The place of a byte. Quotes are not looked at: the column is right where no value holds a comma. */
export function placeOf(bytes: Uint8Array, offset: number): FilePlace {
  let column = 1
  for (let i = offset - 1; i >= 0; i--) {
    const byte = bytes[i]
    if (byte === LF || byte === CR) break
    if (byte === COMMA) column += 1
  }
  return { line: new LineCounter(bytes).lineAt(offset), column }
}
