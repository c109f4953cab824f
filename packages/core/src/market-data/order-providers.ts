import { isOptionTicker } from '../symbols/occ.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { BarRequest, MarketDataProvider } from './provider.ts'

/** Who is asked for which kind of symbol, the first one first. */
export interface ProviderLists {
  readonly equities: readonly MarketDataProvider[]
  readonly options: readonly MarketDataProvider[]
}

/** The providers of one request in the order they are asked. */
export interface OrderedRequest {
  readonly request: BarRequest
  readonly order: readonly MarketDataProvider[]
}

/** Below so many calls nobody is put before somebody else for cheapness. */
const FEW_CALLS = 20
/** A provider that answers the same with so small a share of the calls is asked first. */
const CHEAP_SHARE = 0.1

/**
 * Orders the providers for each request: those that serve its kind, the preferred one first, the others
 * as listed. Where many requests would go to one provider at a call each, and another one that is
 * listed answers them with a tenth of the calls (as one that has whole market days does for a night's
 * increment), that one is asked first.
 */
export function orderProviders(
  lists: ProviderLists,
  requests: readonly BarRequest[],
  preferred: ReadonlyMap<Ticker, string>,
): readonly OrderedRequest[] {
  const ordered = requests.map((request) => ({
    request,
    order: orderOf(lists, request, preferred),
  }))
  const groups = Map.groupBy(ordered, ({ order }) => order[0])
  return [...groups].flatMap(([first, group]) =>
    first === undefined ? group : cheapFirst(first, group),
  )
}

function orderOf(
  { equities, options }: ProviderLists,
  { symbol }: BarRequest,
  preferred: ReadonlyMap<Ticker, string>,
): readonly MarketDataProvider[] {
  const listed = isOptionTicker(symbol) ? options : equities
  const able = listed.filter((provider) => provider.servesDailyBars(symbol))
  const first = preferred.get(symbol)
  return [
    ...able.filter(({ name }) => name === first),
    ...able.filter(({ name }) => name !== first),
  ]
}

function cheapFirst(
  first: MarketDataProvider,
  group: readonly OrderedRequest[],
): readonly OrderedRequest[] {
  const cost = first.expectedCalls(group.map(requestOf))
  if (cost < FEW_CALLS) return group
  for (const other of new Set(group.flatMap(({ order }) => order.slice(1)))) {
    const served = group.filter(({ order }) => order.includes(other))
    const others = group.filter(({ order }) => !order.includes(other))
    const saved = cost - first.expectedCalls(others.map(requestOf))
    const calls = other.expectedCalls(served.map(requestOf))
    if (calls === 0 || calls > CHEAP_SHARE * saved) continue
    const moved = served.map(({ request, order }) => ({
      request,
      order: [other, ...order.filter((provider) => provider !== other)],
    }))
    return [...others, ...moved]
  }
  return group
}

function requestOf({ request }: OrderedRequest): BarRequest {
  return request
}
