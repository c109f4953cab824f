import { z } from 'zod'
import { isIsoDate } from '../../../calendar/index.ts'
import { Malformed } from '../../calls/provider-errors.ts'

// What of the vendor's answers is relied on. Fields that are not named here may come and go.

const isoDate = z.string().refine(isIsoDate, 'not a date')
const positive = z.number().positive()

const bars = z
  .object({
    adjusted: z.boolean().optional(),
    resultsCount: z.number(),
    results: z.array(z.unknown()).nullish(),
  })
  .refine(({ adjusted }) => adjusted !== true, {
    path: ['adjusted'],
    message: 'prices are restated, not as traded',
  })
  .refine(({ results, resultsCount }) => resultsCount === 0 || (results ?? []).length > 0, {
    path: ['results'],
    message: 'bars are announced but not given',
  })

/** Bars of one ticker. */
export const AGGREGATES = z.object({ ticker: z.string() }).and(bars)

/** Bars of one day, each with its ticker `T`. */
export const GROUPED = bars

/** An empty list says so; one that is left out could be anything. */
export const LIST_PAGE = z.object({ results: z.array(z.unknown()) })

/** What may follow. */
export const PAGE = z.object({ next_url: z.string().nullish() })

/** An event of a ticker, whatever else it says. */
export const TICKER_RECORD = z.looseObject({ ticker: z.string() })

export const SPLIT = z.object({
  execution_date: isoDate,
  split_from: positive,
  split_to: positive,
})

/** The vendor's older records have no currency; they are of US listings. */
export const DIVIDEND = z.object({
  id: z.string().optional(),
  ex_dividend_date: isoDate,
  cash_amount: z.number().nonnegative(),
  currency: z.string().nullish(),
})

export const TICKER_DETAILS = z.object({
  results: z.object({ ticker: z.string(), active: z.boolean().optional() }),
})

/**
 * An answer as the shape says. `root` is where in the answer the value stands.
 *
 * @throws Malformed with the path of the first thing that differs
 */
export function asShape<Shape extends z.ZodType>(
  shape: Shape,
  value: unknown,
  root = '',
): z.infer<Shape> {
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = [root, ...(issue?.path ?? [])].filter((part) => part !== '').join('.')
  throw new Malformed(
    `polygon: the answer has not its shape: ${issue?.message ?? ''}`,
    path === '' ? 'body' : path,
  )
}
