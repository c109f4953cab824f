import type { Logger } from '../../logging/index.ts'
import { coerceError } from '../../errors/index.ts'
import type { FromThread } from './messages.ts'

/** A logger whose lines are written by the program around the thread: one process, one log. */
export function postedLog(post: (message: FromThread) => void, own: object = {}): Logger {
  const at =
    (level: Extract<FromThread, { say: 'log' }>['level']) =>
    (first: object | string, message?: string): void => {
      if (typeof first === 'string') post({ say: 'log', level, fields: own, message: first })
      else
        post({ say: 'log', level, fields: { ...own, ...cloneable(first) }, message: message ?? '' })
    }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => postedLog(post, { ...own, ...cloneable(fields) }),
  }
}

/** Errors lose their own fields on the way between threads, and some values do not get there at all. */
function cloneable(fields: object): object {
  return JSON.parse(
    JSON.stringify(fields, (_, value: unknown) => {
      if (!(value instanceof Error)) return value
      const { name, message, stack } = coerceError(value)
      return { type: name, message, stack }
    }),
  ) as object
}
