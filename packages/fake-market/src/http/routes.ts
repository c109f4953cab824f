import { aggregates } from '../polygon/aggregates.ts'
import { dividends } from '../polygon/dividends.ts'
import { grouped } from '../polygon/grouped.ts'
import { withKey } from '../polygon/key-check.ts'
import { splits } from '../polygon/splits.ts'
import { tickerDetails, tickers } from '../polygon/tickers.ts'
import { chart } from '../yahoo/chart.ts'
import type { Door } from '../yahoo/door.ts'
import { fundamentals } from '../yahoo/fundamentals.ts'
import { createQuote } from '../yahoo/quote.ts'
import { createQuoteSummary } from '../yahoo/quote-summary.ts'
import type { Endpoint } from './endpoint.ts'

/** Where a request goes. */
export interface Route {
  readonly endpoint: Endpoint
  readonly path: readonly string[]
  readonly symbols: readonly string[] | null
}

/** Every endpoint of both vendors; their paths do not overlap, so that one server is both. */
export function endpointsOf(door: Door): readonly Endpoint[] {
  return [
    door.cookie,
    door.crumb,
    chart,
    createQuote(door),
    createQuoteSummary(door),
    fundamentals,
    ...[aggregates, grouped, splits, dividends, tickerDetails, tickers].map(withKey),
  ]
}

/** The endpoint that a URL means; null when neither vendor has such a path. */
export function routeTo(endpoints: readonly Endpoint[], url: URL): Route | null {
  for (const endpoint of endpoints) {
    const match = endpoint.path.exec(url.pathname)
    if (match === null) continue
    const path = match.slice(1).map(decodeURIComponent)
    return { endpoint, path, symbols: endpoint.symbols({ path, query: url.searchParams }) }
  }
  return null
}
