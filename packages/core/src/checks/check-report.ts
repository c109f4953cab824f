import type { IsoDate } from '../calendar/iso-date.ts'

/** One stored thing that is not as it should be. */
export interface Breach {
  readonly portfolioId: string
  readonly portfolio: string
  readonly date: IsoDate | null
  /** The column, lot or factor in question. */
  readonly what: string
  readonly expected: string | null
  readonly actual: string | null
}

/** What one kind of check found. */
export interface CheckReport {
  readonly check: string
  /** How many rows were looked at. */
  readonly checked: number
  readonly breaches: readonly Breach[]
}

/** Which part of the database is checked. */
export interface CheckScope {
  /** Null = every portfolio that is not deleted. */
  readonly portfolioIds: readonly string[] | null
}
