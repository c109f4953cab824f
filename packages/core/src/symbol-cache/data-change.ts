import { z } from 'zod'
import { isTicker, type Ticker } from '../symbols/index.ts'

/** What a run or an edit may have changed, as told to every process that keeps data in memory. */
export interface DataChange {
  /** Symbols with other prices or factors than before. */
  readonly symbols: 'all' | readonly Ticker[]
  /** Portfolios of which something was computed. */
  readonly portfolios: 'all' | readonly string[]
}

/** Whatever may have changed has. */
export const EVERYTHING: DataChange = { symbols: 'all', portfolios: 'all' }

/** The channel of LISTEN and NOTIFY. */
export const DATA_CHANNEL = 'sigmasight_data'

/** A payload has to be shorter than 8,000 bytes; what names more than fit names all. */
const LARGEST_PAYLOAD = 7_000

const payloadSchema = z.object({
  symbols: z.union([z.literal('all'), z.array(z.string().refine(isTicker))]),
  portfolios: z.union([z.literal('all'), z.array(z.string())]),
})

/** The text of a notification; symbols are ASCII, so that characters are bytes. */
export function payloadOf({ symbols, portfolios }: DataChange): string {
  const text = JSON.stringify({ symbols, portfolios })
  if (text.length <= LARGEST_PAYLOAD) return text
  const allIfAny = (named: readonly string[] | 'all') => (named.length === 0 ? [] : 'all')
  return JSON.stringify({ symbols: allIfAny(symbols), portfolios: allIfAny(portfolios) })
}

/** What a notification says. One that cannot be read, of a newer program say, means everything. */
export function changeOf(payload: string | undefined): DataChange {
  return payloadSchema.safeParse(jsonOf(payload ?? '')).data ?? EVERYTHING
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
