import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import type { DailyBar, MarketDataProvider } from '../market-data/index.ts'
import type { Ticker } from '../symbols/ticker.ts'

/** What the planner of the demo asks the market. */
export interface Quotes {
  /** The close as traded, in dollars. Throws RangeError where the market has none. */
  closeOn(symbol: Ticker, date: SessionDate): Promise<number>
  /** How many shares one share became by the splits with ex-date in (from, to]. */
  sharesSince(symbol: Ticker, from: SessionDate, to: SessionDate): Promise<number>
}

/** Asks a market directly, once per symbol: the demo is seeded before any price is stored. */
export function quotesOf(
  market: MarketDataProvider,
  range: { readonly from: IsoDate; readonly to: IsoDate },
): Quotes {
  const asked = new Map<Ticker, Promise<readonly DailyBar[]>>()
  const barsOf = (symbol: Ticker): Promise<readonly DailyBar[]> => {
    const bars = asked.get(symbol) ?? fetchBars(market, { symbol, ...range })
    asked.set(symbol, bars)
    return bars
  }
  return {
    async closeOn(symbol, date) {
      const bar = (await barsOf(symbol)).find((candidate) => candidate.date === date)
      if (typeof bar?.close === 'number') return bar.close
      throw new RangeError(
        `the demo needs a close of ${symbol} on ${date}, and the market has none`,
      )
    },
    async sharesSince(symbol, from, to) {
      const bars = (await barsOf(symbol)).filter(({ date }) => date > from && date <= to)
      return bars.reduce((shares, { splitRatio }) => shares * (splitRatio ?? 1), 1)
    },
  }
}

async function fetchBars(
  market: MarketDataProvider,
  request: { readonly symbol: Ticker; readonly from: IsoDate; readonly to: IsoDate },
): Promise<readonly DailyBar[]> {
  const { signal } = new AbortController()
  for await (const outcome of market.dailyBars([request], { signal })) {
    if (outcome.ok) return outcome.bars
  }
  return []
}
