import { createHash } from 'node:crypto'
import type { SessionDate } from '../calendar/iso-date.ts'

/** Whose work it is; also the name of the queue that holds it. */
export type UnitKind = 'portfolio-refresh' | 'symbol-batch'

/**
 * A piece of a run's work that rests on its own words and the tables alone, and can therefore be done by
 * whoever has the database, and again after an accident, with the same result.
 */
export interface WorkUnit {
  readonly kind: UnitKind
  /** Which part of the date's work: what is done, and to which chunk of portfolios or symbols. */
  readonly chunk: string
  readonly date: SessionDate
  /** The run that it is done for; nothing is written once that is over. */
  readonly batchRunId: string
  /** What is to be done, in a form that survives JSON. */
  readonly task: object
}

/** What became of a unit. */
export type UnitEnd =
  | { readonly ok: true; readonly output: object }
  | { readonly ok: false; readonly message: string; readonly attempts: number }

/** How often a unit is tried before it is given up. */
export const UNIT_ATTEMPTS = 3

/** Two units of the same name are the same work. */
export function unitName({ kind, chunk, date, batchRunId }: WorkUnit): string {
  return [kind, chunk, date, batchRunId].join(' ')
}

/** The name as an id: 128 bits of its SHA-256, in the form of a UUID. */
export function unitId(unit: WorkUnit): string {
  const hex = createHash('sha256').update(unitName(unit)).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
  return [...parts, hex.slice(20, 32)].join('-')
}
