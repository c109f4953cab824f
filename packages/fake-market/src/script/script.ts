import { z } from 'zod'
import { isCallSelector } from './call-selector.ts'

export const VENDORS = ['yahoo', 'polygon'] as const
export type Vendor = (typeof VENDORS)[number]

/** What a call is for. */
export const ENDPOINTS = [
  'cookie',
  'crumb',
  'chart',
  'quote',
  'quoteSummary',
  'fundamentals',
  'aggregates',
  'grouped',
  'splits',
  'dividends',
  'tickerDetails',
  'tickers',
] as const
export type EndpointName = (typeof ENDPOINTS)[number]

/** Which of an answer's days, oldest first, the fault is in. */
const rows = z.enum(['first', 'middle', 'last', 'all']).default('last')

const fault = z.discriminatedUnion('kind', [
  /** An HTTP error; `retryAfter` is the header's text, seconds or an HTTP date. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    retryAfter: z.union([z.string(), z.int().min(0)]).optional(),
  }),
  /** The connection stays open without an answer. */
  z.strictObject({ kind: z.literal('timeout') }),
  /** The headers and half of the body, then nothing. */
  z.strictObject({ kind: z.literal('stall') }),
  z.strictObject({ kind: z.literal('reset') }),
  z.strictObject({ kind: z.literal('html') }),
  z.strictObject({ kind: z.literal('empty') }),
  /** `{}`. */
  z.strictObject({ kind: z.literal('empty_object') }),
  /** The crumb in use is refused from now on; a new one is given out. */
  z.strictObject({ kind: z.literal('invalid_crumb') }),
  /** The answer says that it is about another symbol. */
  z.strictObject({ kind: z.literal('wrong_symbol') }),
  z.strictObject({ kind: z.literal('null_bars'), rows }),
  z.strictObject({ kind: z.literal('negative_price'), rows }),
  z.strictObject({ kind: z.literal('times_100'), rows }),
  z.strictObject({ kind: z.literal('volume_as_text'), rows }),
  z.strictObject({ kind: z.literal('duplicate_days') }),
  z.strictObject({ kind: z.literal('unsorted_days') }),
  /** The session after the last closed one is served half way through, open or not. */
  z.strictObject({ kind: z.literal('partial_bar') }),
  /** A split is listed; prices are not restated by it. Invented (4:1) when the window has none. */
  z.strictObject({ kind: z.literal('split_without_restated_prices') }),
  /** Prices are restated by a split that is not listed. Invented (4:1) when the window has none. */
  z.strictObject({ kind: z.literal('restated_prices_without_split') }),
])

const instant = z.iso.datetime({
  offset: true,
  error: 'no instant: write one like 2026-11-20T21:00:00Z',
})

const match = z.strictObject({
  vendor: z.enum(VENDORS).optional(),
  endpoint: z.enum(ENDPOINTS).optional(),
  /** A regular expression on the symbol as exchanges spell it; a call for many matches by any. */
  symbol: z.string().refine(isRegularExpression, 'no regular expression').optional(),
  method: z.string().optional(),
})

const rule = z.strictObject({
  match: match.default({}),
  /** Which of the calls that match (and that the fault can touch), retries counted. */
  calls: z
    .string()
    .refine(
      isCallSelector,
      'none of: all, first, call 3, from call 3, middle of 12, last of 12, every 3, chance 0.1',
    )
    .default('all'),
  /** On the market's clock, `from` included, `until` not. */
  from: instant.optional(),
  until: instant.optional(),
  fault,
})

export const scriptSchema = z.strictObject({
  /** Calls beyond so many in any 60 s are answered with 429, as a free plan does. */
  startsPerMinute: z
    .strictObject({ yahoo: z.int().min(0).optional(), polygon: z.int().min(0).optional() })
    .default({}),
  /** Tried in order; the first that applies decides. Each keeps its own count of calls. */
  rules: z.array(rule).default([]),
})

/** Every kind of fault. */
export const FAULT_KINDS = fault.options.map((option) => option.shape.kind.value)

/** How a fake market misbehaves, as data. */
export type Script = z.input<typeof scriptSchema>
export type CheckedScript = z.output<typeof scriptSchema>
export type Rule = CheckedScript['rules'][number]
export type Fault = Rule['fault']
export type FaultKind = Fault['kind']

function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}
