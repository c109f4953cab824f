import type { SessionDate } from '../../src/calendar/iso-date.ts'
import type { Logger } from '../../src/logging/index.ts'
import type { WorkUnit } from '../../src/work-units/index.ts'

/** A unit of a run that is only a name. */
export function unitOf(chunk: string, batchRunId = 'run'): WorkUnit {
  const date = '2025-07-01' as SessionDate
  return { kind: 'portfolio-refresh', chunk, date, batchRunId, task: {} }
}

/** A logger that collects the messages given to it, with their fields. */
export function collectingLog(lines: { message: string; fields: object }[]): Logger {
  const at = (fields: object | string, message?: string): void => {
    if (typeof fields === 'string') lines.push({ message: fields, fields: {} })
    else lines.push({ message: message ?? '', fields })
  }
  return { debug: at, info: at, warn: at, error: at, child: () => collectingLog(lines) }
}
