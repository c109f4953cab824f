/** From the most talkative to none at all. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Writes one event: its fields, then a short fixed message. An error goes into the field `err`. */
interface LogEvent {
  (fields: object, message: string): void
  (message: string): void
}

/**
 * What the code of this project logs through. One event is one line; what varies goes into fields,
 * never into the message.
 *
 * @example
 * const log = programLog.child({ module: 'batch', batch_run_id: id })
 * log.info({ phase: 'prices', processed: 512 }, 'phase_result')
 */
export interface Logger {
  readonly debug: LogEvent
  readonly info: LogEvent
  readonly warn: LogEvent
  readonly error: LogEvent
  /** A logger whose every line carries these fields as well. */
  child(fields: Readonly<Record<string, unknown>>): Logger
}
