import {
  isIsoDate,
  isSession,
  sessionClose,
  sessionOpen,
  type IsoDate,
} from '@sigmasight/core/calendar'
import type { DailyBar, SyntheticMarket } from '@sigmasight/core/market-data'
import type { MarketSource } from '@sigmasight/fake-market'
import type { Ticker } from '@sigmasight/core/symbols'

const FIRST_DAY = '2015-01-01' as IsoDate
const LAST_DAY = '2030-12-31' as IsoDate
const MARKET_BETA = 'Market Beta (90D)'

/** The synthetic market as facts for a fake server: every symbol, every option contract, true betas. */
export function syntheticSource(market: SyntheticMarket): MarketSource {
  const known = new Map<string, Promise<readonly DailyBar[] | null>>()
  return {
    symbols: market.symbols,
    bars(symbol) {
      const bars = known.get(symbol) ?? wholeHistory(market, symbol as Ticker)
      known.set(symbol, bars)
      return bars
    },
    session(date) {
      if (!isIsoDate(date) || !isSession(date)) return null
      return { open: sessionOpen(date).toJSDate(), close: sessionClose(date).toJSDate() }
    },
    profile(symbol) {
      const beta = market.trueBetas(symbol as Ticker)?.get(MARKET_BETA)
      if (beta === undefined) return null
      return { name: `${symbol} of the synthetic market`, country: 'United States', beta }
    },
  }
}

async function wholeHistory(
  market: SyntheticMarket,
  symbol: Ticker,
): Promise<readonly DailyBar[] | null> {
  const { signal } = new AbortController()
  const asked = market.dailyBars([{ symbol, from: FIRST_DAY, to: LAST_DAY }], { signal })
  for await (const outcome of asked) if (outcome.ok) return outcome.bars
  return null
}
