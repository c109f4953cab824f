import { z } from 'zod'
import { isTicker, type Ticker } from '../symbols/index.ts'

/** What a run or an edit may have changed, as told to every process that keeps data in memory. */
export interface DataChange {
  /** Symbols with other prices or factors than before. */
  readonly symbols: 'all' | readonly Ticker[]
  /** The only portfolio concerned; null = all of them may be. */
  readonly portfolioId: string | null
}

/** The channel of LISTEN and NOTIFY. */
export const DATA_CHANNEL = 'sigmasight_data'

/** A payload has to be shorter than 8,000 bytes; more symbols than fit are all symbols. */
const LARGEST_PAYLOAD = 7_000

const payloadSchema = z.object({
  symbols: z.union([z.literal('all'), z.array(z.string().refine(isTicker))]),
  portfolio_id: z.string().nullable(),
})

/** The text of a notification; symbols are ASCII, so that characters are bytes. */
export function payloadOf({ symbols, portfolioId }: DataChange): string {
  const text = JSON.stringify({ symbols, portfolio_id: portfolioId })
  return text.length <= LARGEST_PAYLOAD
    ? text
    : JSON.stringify({ symbols: 'all', portfolio_id: portfolioId })
}

/** What a notification says. One that cannot be read, of a newer program say, means everything. */
export function changeOf(payload: string | undefined): DataChange {
  const parsed = payloadSchema.safeParse(jsonOf(payload ?? ''))
  if (!parsed.success) return { symbols: 'all', portfolioId: null }
  const { symbols, portfolio_id: portfolioId } = parsed.data
  return { symbols, portfolioId }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
