import { DateTime } from 'luxon'
import { z } from 'zod'

/** What the text of a variable must look like, in words and as a parser. */
export interface Rule<T> {
  /** Completes "expected ...". */
  readonly text: string
  /** Gets the trimmed, non-empty text. An issue with a message of its own replaces "expected ...". */
  readonly schema: z.ZodType<T, string>
}

/** A whole number between two bounds, both included. */
export function integer(min: number, max: number): Rule<number> {
  const schema = z
    .string()
    .regex(/^[+-]?\d+$/)
    .transform(Number)
  return {
    text: `an integer from ${min} to ${max}`,
    schema: schema.pipe(z.number().int().min(min).max(max)),
  }
}

/** A decimal number between two bounds, both included. */
export function decimal(min: number, max: number): Rule<number> {
  const schema = z
    .string()
    .regex(/^[+-]?(?:\d+\.?\d*|\.\d+)$/)
    .transform(Number)
  return {
    text: `a number from ${min} to ${max}`,
    schema: schema.pipe(z.number().min(min).max(max)),
  }
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
): Rule<Words[number]> {
  return {
    text: `one of ${words.join(', ')}`,
    schema: z.enum(words),
  }
}

/** `true` or `false`, in any case. */
export const flag: Rule<boolean> = {
  text: 'true or false',
  schema: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['true', 'false']))
    .transform((text) => text === 'true'),
}

/** Any text. */
export const path: Rule<string> = { text: 'a path', schema: z.string() }

/** Where a PostgreSQL server listens. */
export const postgresUrl: Rule<string> = {
  text: 'a postgres:// or postgresql:// URL',
  schema: z.string().regex(/^postgres(?:ql)?:\/\/\S+$/),
}

/** Where an HTTP server listens. */
export const httpUrl: Rule<string> = {
  text: 'an http:// or https:// URL',
  schema: z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, '')),
}

/** Text without blanks that is shown to nobody. */
export const secret: Rule<string> = { text: 'a word', schema: z.string().regex(/^\S+$/) }

/** Key material that is shown to nobody. */
export function longSecret(minBytes: number): Rule<string> {
  const schema = z.string().refine((text) => Buffer.byteLength(text) >= minBytes, {
    // An issue with a message replaces the rule, and this one must not show the value.
    message: `expected at least ${minBytes} bytes`,
  })
  return { text: `text of at least ${minBytes} bytes`, schema }
}

/** Origins as browsers send them, comma-separated: scheme, host and port without a path. */
export const originList: Rule<readonly string[]> = {
  text: 'a comma-separated list of origins like https://app.example.com',
  schema: z
    .string()
    .transform((text) => Object.freeze(text.split(',').map((origin) => origin.trim())))
    .refine((origins) => origins.every(isOrigin), {
      message: 'expected origins like https://app.example.com, comma-separated, without a path',
    }),
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text
}

/** A moment that means the same everywhere; a bare local time does not. Answers it in UTC. */
export const instant: Rule<DateTime<true>> = {
  text: 'an instant with Z or an offset, like 2025-07-01T21:30:00-04:00',
  schema: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/)
    .transform((text, context) => {
      const parsed = DateTime.fromISO(text, { zone: 'utc' })
      if (parsed.isValid) return parsed
      context.addIssue({ code: 'invalid_format', format: 'datetime', input: text })
      return z.NEVER
    }),
}
