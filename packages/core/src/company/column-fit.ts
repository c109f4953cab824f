import { isIsoDate } from '../calendar/index.ts'
import type { CopyValue } from '../database/bulk/index.ts'
import type { Ticker } from '../symbols/ticker.ts'

/** The magnitude from which on a number does not fit a column of the type. */
const LIMITS = {
  'numeric(18,2)': 1e16,
  'numeric(18,6)': 1e12,
  'double precision': Infinity,
} as const

export type ColumnType = keyof typeof LIMITS | 'text' | 'date' | 'boolean'

/** A value of a provider that a column cannot hold, and which is therefore not stored. */
export interface RefusedValue {
  readonly symbol: Ticker
  readonly field: string
  /** As it was served, shortened. */
  readonly value: string
}

/** No name of a company, place or trade is longer; what is, is something else. */
const LONGEST_TEXT = 500
const SHOWN_CHARACTERS = 40
const CONTROL_CHARACTER = /\p{Cc}/u

/** Takes a symbol's values into columns and keeps those that do not fit. */
export class ColumnFit {
  readonly refused: RefusedValue[] = []
  readonly #symbol: Ticker

  constructor(symbol: Ticker) {
    this.#symbol = symbol
  }

  /**
   * The value as the column holds it; null when there is none or it does not fit: a number that is not
   * finite or has too many digits, a date that does not exist, text that is too long or has control
   * characters. White space in text counts as one space each.
   */
  take(field: string, type: ColumnType, value: string | number | boolean | null): CopyValue {
    const fitting = value === null ? null : fit(type, value)
    if (fitting !== undefined) return fitting
    this.refused.push({ symbol: this.#symbol, field, value: shown(value) })
    return null
  }
}

/** Undefined when the value does not fit. */
function fit(type: ColumnType, value: string | number | boolean): CopyValue | undefined {
  switch (type) {
    case 'text':
      return typeof value === 'string' ? fitText(value) : undefined
    case 'date':
      return typeof value === 'string' && isIsoDate(value) ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined
    default:
      return typeof value === 'number' && Math.abs(value) < LIMITS[type] ? value : undefined
  }
}

function fitText(value: string): string | null | undefined {
  const text = value.replace(/\s+/gu, ' ').trim()
  if (text === '') return null
  const isClean = text.isWellFormed() && !CONTROL_CHARACTER.test(text)
  return isClean && text.length <= LONGEST_TEXT ? text : undefined
}

function shown(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value)
  const text = JSON.stringify(value.slice(0, SHOWN_CHARACTERS))
  return value.length > SHOWN_CHARACTERS ? `${text}... (${value.length} characters)` : text
}
