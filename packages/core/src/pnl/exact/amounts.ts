import type { Fraction } from './fraction.ts'

/** Dollars × 100, whole: an amount of money as stored (`numeric(18,2)`). */
export type Cents = bigint & { readonly __cents: true }

/** Millionths, whole: a price in dollars or a quantity as stored (six decimals). */
export type Micros = bigint & { readonly __micros: true }

/** A quantity times a price, both in millionths, counts trillionths of a dollar. */
const TRILLIONTHS_PER_CENT = 10_000_000_000n
const CENT_DECIMALS = 2
const MICRO_DECIMALS = 6

/** Reads an amount such as `-1234.5`. Throws RangeError on anything else or on more than two decimals. */
export function parseCents(decimal: string): Cents {
  return parseDecimal(decimal, CENT_DECIMALS) as Cents
}

/** Reads a price or a quantity. Throws RangeError on anything else or on more than six decimals. */
export function parseMicros(decimal: string): Micros {
  return parseDecimal(decimal, MICRO_DECIMALS) as Micros
}

/** An amount as a decimal with two places: `-1234.50`. */
export function formatCents(amount: Cents): string {
  return formatDecimal(amount, CENT_DECIMALS)
}

/** A price or a quantity as a decimal with six places. */
export function formatMicros(value: Micros): string {
  return formatDecimal(value, MICRO_DECIMALS)
}

/** Trillionths of a dollar rounded to cents, half away from zero. */
export function centsOf({ n, d }: Fraction): Cents {
  if (n === 0n) return n as Cents
  return roundedQuotient(n, d * TRILLIONTHS_PER_CENT) as Cents
}

/** Cents as trillionths of a dollar. */
export function trillionthsOf(amount: Cents): bigint {
  return amount * TRILLIONTHS_PER_CENT
}

/** A price or quantity in millionths rounded to a whole number of them, half away from zero. */
export function microsOf({ n, d }: Fraction): Micros {
  return (d === 1n ? n : roundedQuotient(n, d)) as Micros
}

/** n ÷ d rounded to a whole number, half away from zero; d > 0. */
export function roundedQuotient(n: bigint, d: bigint): bigint {
  const quotient = n / d
  const rest = n - quotient * d
  if (rest >= 0n) return 2n * rest >= d ? quotient + 1n : quotient
  return -2n * rest >= d ? quotient - 1n : quotient
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/

function parseDecimal(text: string, places: number): bigint {
  const [, sign, digits, decimals = ''] = DECIMAL.exec(text.trim()) ?? []
  const kept = decimals.replace(/0+$/, '')
  if (digits === undefined || kept.length > places) {
    throw new RangeError(`"${text}" is not a decimal number with at most ${places} decimals`)
  }
  const value = BigInt(digits + kept.padEnd(places, '0'))
  return sign === '-' ? -value : value
}

function formatDecimal(value: bigint, places: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`
}
