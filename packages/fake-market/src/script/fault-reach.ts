import type { EndpointName, FaultKind } from './script.ts'

const BARS: readonly EndpointName[] = ['chart', 'aggregates', 'grouped']
const PRICES: readonly EndpointName[] = [...BARS, 'quote']
const LISTS: readonly EndpointName[] = [...BARS, 'splits', 'dividends']

/** Where a fault of content can show. Faults that are not listed here touch any answer. */
const REACH: Partial<Record<FaultKind, readonly EndpointName[]>> = {
  invalid_crumb: ['quote', 'quoteSummary'],
  wrong_symbol: [...LISTS, 'quote', 'tickerDetails', 'tickers'],
  null_bars: PRICES,
  negative_price: PRICES,
  times_100: PRICES,
  volume_as_text: PRICES,
  duplicate_days: LISTS,
  unsorted_days: LISTS,
  partial_bar: BARS,
  split_without_restated_prices: ['chart', 'splits'],
  restated_prices_without_split: BARS,
}

/** Whether a fault can touch the answers of an endpoint. */
export function reaches(kind: FaultKind, endpoint: EndpointName): boolean {
  return REACH[kind]?.includes(endpoint) ?? true
}
