/** A message from a client to a PostgreSQL server. */
export interface Frame {
  readonly bytes: Buffer
  /** Its type's letter, '' of the messages before a session is open. */
  readonly type: string
  /** The SQL of a query or of one that is prepared; null of all other messages. */
  readonly sql: string | null
  /** Told by the message that opens a session; null in all others. */
  readonly applicationName: string | null
}

const SIZE_BYTES = 4
/** Of the protocol 3.x: its first message begins with 00 03. */
const MAJOR_VERSION = 3

/** Cuts what a client sends into messages: the first has a size and no type, each later one a type before its size. */
export class PostgresFrames {
  #rest: Buffer = Buffer.alloc(0)
  #isOpen = false

  /** The messages that these bytes complete. */
  push(chunk: Buffer): readonly Frame[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const frames: Frame[] = []
    for (;;) {
      const typeBytes = this.#isOpen ? 1 : 0
      if (this.#rest.length < typeBytes + SIZE_BYTES) return frames
      const size = typeBytes + this.#rest.readUInt32BE(typeBytes)
      if (this.#rest.length < size) return frames
      const bytes = this.#rest.subarray(0, size)
      frames.push(this.#isOpen ? read(bytes) : this.#readFirst(bytes))
      this.#rest = this.#rest.subarray(size)
    }
  }

  #readFirst(bytes: Buffer): Frame {
    // Wishes for TLS and for the cancellation of a query come before or instead of a session.
    this.#isOpen = bytes.readUInt16BE(SIZE_BYTES) === MAJOR_VERSION
    const words = bytes.toString('utf8', 2 * SIZE_BYTES).split('\0')
    const at = words.indexOf('application_name')
    const applicationName = at < 0 ? null : (words[at + 1] ?? null)
    return { bytes, type: '', sql: null, applicationName }
  }
}

function read(bytes: Buffer): Frame {
  const type = bytes.toString('latin1', 0, 1)
  return { bytes, type, sql: sqlOf(type, bytes), applicationName: null }
}

/** A simple query is its text; a prepared one begins with a name. */
function sqlOf(type: string, bytes: Buffer): string | null {
  if (type !== 'Q' && type !== 'P') return null
  const texts = bytes.toString('utf8', 1 + SIZE_BYTES).split('\0')
  return texts[type === 'Q' ? 0 : 1] ?? null
}
