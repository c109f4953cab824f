import type { MarketSource } from '@sigmasight/fake-market'
import { isSession, sessionClose, sessionOpen } from '../../src/calendar/index.ts'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import type { ScriptedMarket } from './scripted-market.ts'

/** A scripted market as it is now, as facts for a fake server. */
export function fakeSourceOf(market: ScriptedMarket): MarketSource {
  const histories = new Map(market.symbols.map((symbol) => [symbol as string, market.bars(symbol)]))
  return {
    symbols: market.symbols,
    bars: (symbol) => histories.get(symbol) ?? null,
    session(date) {
      const day = date as IsoDate
      if (!isSession(day)) return null
      return { open: sessionOpen(day).toJSDate(), close: sessionClose(day).toJSDate() }
    },
    profile: (symbol) => ({ name: `${symbol} Inc`, sector: 'Technology', beta: 1.25 }),
  }
}
