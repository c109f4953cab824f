import type { IsoDate } from '../../src/calendar/iso-date.ts'
import type { DailyBar } from '../../src/market-data/bar.ts'
import type { BarOutcome, BarRequest, MarketDataProvider } from '../../src/market-data/provider.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'

/** A request for a symbol, by default over all days since 2000. */
export function request(symbol: string, from = '2000-01-01', to = '2030-12-31'): BarRequest {
  return { symbol: symbol as Ticker, from: from as IsoDate, to: to as IsoDate }
}

/** All outcomes of one call. */
export async function collect(
  provider: MarketDataProvider,
  requests: readonly BarRequest[],
  signal: AbortSignal = new AbortController().signal,
): Promise<BarOutcome[]> {
  return Array.fromAsync(provider.dailyBars(requests, { signal }))
}

/** The bars of a symbol, or null where it has none. */
export function barsOf(
  outcomes: readonly BarOutcome[],
  symbol: string,
): readonly DailyBar[] | null {
  const outcome = outcomes.find((candidate) => candidate.symbol === symbol)
  return outcome?.ok === true ? outcome.bars : null
}
