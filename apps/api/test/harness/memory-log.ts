import type { Logger } from '@sigmasight/core/logging'

export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
}

/** A logger that remembers every line, its children's too. */
export class MemoryLog implements Logger {
  readonly lines: LogLine[]
  readonly #fields: Readonly<Record<string, unknown>>

  constructor(lines: LogLine[] = [], fields: Readonly<Record<string, unknown>> = {}) {
    this.lines = lines
    this.#fields = fields
  }

  readonly debug = this.#writer('debug')
  readonly info = this.#writer('info')
  readonly warn = this.#writer('warn')
  readonly error = this.#writer('error')

  child(fields: Readonly<Record<string, unknown>>): Logger {
    return new MemoryLog(this.lines, { ...this.#fields, ...fields })
  }

  #writer(level: LogLine['level']): Logger['info'] {
    return (first: object | string, message?: string) => {
      const own =
        typeof first === 'string' ? { message: first } : { ...first, message: message ?? '' }
      this.lines.push({ level, ...this.#fields, ...own })
    }
  }
}
