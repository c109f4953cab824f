import { z } from 'zod'
import { isIsoDate } from '@sigmasight/core/calendar'

/** Control characters apart from tab and line break, and halves of characters: no text a person typed. */
// eslint-disable-next-line no-control-regex -- these are what is refused
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/** Text a person typed: blanks around it are dropped, and something must be left. */
export function text(maxLength: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine((value) => !UNPRINTABLE.test(value) && value.isWellFormed(), {
      message: 'Has characters that cannot be stored.',
    })
}

/** Text that may be nothing, which counts as none. */
export function optionalText(maxLength: number) {
  return z
    .string()
    .trim()
    .max(maxLength)
    .refine((value) => !UNPRINTABLE.test(value) && value.isWellFormed(), {
      message: 'Has characters that cannot be stored.',
    })
    .transform((value) => (value === '' ? null : value))
    .nullish()
}

export const id = z.uuid()

export const portfolioParams = z.strictObject({ portfolioId: id })

/** A day, `YYYY-MM-DD`, that exists. */
export const isoDate = z.iso
  .date()
  .refine((value) => isIsoDate(value), { message: 'Is no day of the calendar.' })

/** A whole number in a query. */
export function queryInteger(min: number, max: number) {
  return z
    .string()
    .regex(/^-?\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({ openapi: { type: 'integer', minimum: min, maximum: max } })
}

/** `true` or `false` in a query. */
export const queryFlag = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .meta({ openapi: { type: 'boolean' } })

/**
 * An exact decimal, as a JSON number or as text: what JavaScript would round is given as text. Answers it as
 * plain text, e.g. `"0.1"`.
 */
export function decimal({ min, max, places }: DecimalBounds) {
  return z
    .union([z.number(), z.string().max(40)])
    .transform((value) => plainDecimal(value))
    .pipe(
      z
        .string()
        .regex(/^-?\d{1,20}(?:\.\d{1,20})?$/, { message: 'Is no decimal number.' })
        .refine((value) => (value.split('.')[1] ?? '').length <= places, {
          message: `Has more than ${places} decimals.`,
        })
        .refine((value) => Number(value) >= min && Number(value) <= max, {
          message: `Is not from ${min} to ${max}.`,
        }),
    )
    .meta({
      openapi: {
        oneOf: [{ type: 'number', minimum: min, maximum: max }, { type: 'string' }],
        description: `Exact, at most ${places} decimals.`,
      },
    })
}

interface DecimalBounds {
  readonly min: number
  readonly max: number
  readonly places: number
}

/** The shortest decimal that is this number, without an exponent; other text as it is. */
function plainDecimal(value: number | string): string {
  if (typeof value === 'string') return value.trim()
  const short = String(value)
  if (!short.includes('e')) return short
  return Math.abs(value) < 1
    ? value.toFixed(20).replace(/0+$/, '')
    : value.toLocaleString('en-US', { useGrouping: false })
}

/** A stored decimal as a JSON number; null stays null. */
export function toNumber(stored: string): number
export function toNumber(stored: string | null): number | null
export function toNumber(stored: string | null): number | null {
  return stored === null ? null : Number(stored)
}
