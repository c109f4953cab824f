/** The part of pino-roll that is used here; the package brings no types. */
declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events'

  interface RollOptions {
    /** The name that the numbers go into: `run.log` gives `run.1.log`, `run.2.log`, ... */
    readonly file: string
    /** Bytes with a unit: `10m`. */
    readonly size: string
    readonly limit: { readonly count: number; readonly removeOtherLogFiles: boolean }
    readonly mkdir: boolean
    readonly sync: boolean
  }

  /** Emits `ready` after each opening, `error`, and `close`. */
  interface RollStream extends EventEmitter {
    /** The path of the file that is written to at present. */
    readonly file: string
    write(line: string): boolean
    end(): void
  }

  export default function roll(options: RollOptions): Promise<RollStream>
}
