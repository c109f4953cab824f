import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { IsoDate } from '@sigmasight/core/calendar'
import { createSyntheticMarket, type DailyBar } from '@sigmasight/core/market-data'

export const MARKET_SEED = 20_260_101
const HEADER = 'date,symbol,open,high,low,close,volume,dividend,split_ratio\n'

export interface FileMarket {
  /** Where to write; a name that ends with `.gz` is compressed. */
  readonly path: string
  /** Symbols besides the synthetic market's own, some fifty with the proxies of all factors. */
  readonly extraSymbols: number
  readonly from: IsoDate
  readonly to: IsoDate
}

/**
 * Writes the synthetic market as a file of bars, symbol after symbol, without holding more than one in
 * memory. Symbols listed after `to` have no rows.
 *
 * @returns the number of rows.
 */
export async function writeFileMarket(market: FileMarket): Promise<number> {
  let rows = 0
  const lines = async function* (): AsyncGenerator<string> {
    yield HEADER
    for await (const { symbol, bars } of barsOf(market)) {
      rows += bars.length
      yield bars.map((bar) => toLine(symbol, bar)).join('')
    }
  }
  const source = Readable.from(lines())
  const file = createWriteStream(market.path)
  await (market.path.endsWith('.gz')
    ? pipeline(source, createGzip({ level: 1 }), file)
    : pipeline(source, file))
  return rows
}

async function* barsOf({ extraSymbols, from, to }: FileMarket) {
  const market = createSyntheticMarket({ seed: MARKET_SEED, extraSymbols })
  const requests = market.symbols.map((symbol) => ({ symbol, from, to }))
  const { signal } = new AbortController()
  for await (const outcome of market.dailyBars(requests, { signal })) {
    if (outcome.ok) yield outcome
  }
}

function toLine(symbol: string, bar: DailyBar): string {
  const { date, open, high, low, close, volume, dividend, splitRatio } = bar
  const cells = [date, symbol, open, high, low, close, volume, dividend, splitRatio]
  return `${cells.map((cell) => cell ?? '').join(',')}\n`
}
