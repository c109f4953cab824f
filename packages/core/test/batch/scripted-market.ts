import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import {
  createSyntheticMarket,
  DEMO_SEED,
  type DailyBar,
  type MarketDataProvider,
} from '../../src/market-data/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'

export const PROXIES = ['IWM', 'MTUM', 'QUAL', 'SPY', 'TLT', 'USMV', 'VTV', 'VUG']

const HEADER = 'date,symbol,open,high,low,close,volume,dividend,split_ratio'

/**
 * A market whose every bar a test may change: it starts as a copy of the synthetic one, is served from
 * memory or written to a CSV file, and can be changed between two runs as a provider changes its mind.
 */
export class ScriptedMarket implements Disposable {
  readonly symbols: readonly Ticker[]
  readonly #bars: Map<string, Map<string, DailyBar>>
  readonly #folder = mkdtempSync(join(tmpdir(), 'sigmasight-market-'))

  private constructor(bars: Map<string, Map<string, DailyBar>>) {
    this.#bars = bars
    this.symbols = [...bars.keys()].sort() as Ticker[]
  }

  /** The proxies and some stocks of the synthetic market, all their bars from one day to another. */
  static async create(
    stocks: readonly string[],
    range: { from: string; to: string },
  ): Promise<ScriptedMarket> {
    const market = createSyntheticMarket({ seed: DEMO_SEED })
    const requests = [...PROXIES, ...stocks].map((symbol) => ({
      symbol: symbol as Ticker,
      from: range.from as IsoDate,
      to: range.to as IsoDate,
    }))
    const { signal } = new AbortController()
    const bars = new Map<string, Map<string, DailyBar>>()
    for await (const outcome of market.dailyBars(requests, { signal })) {
      if (!outcome.ok) throw new Error(outcome.detail)
      bars.set(outcome.symbol, new Map(outcome.bars.map((bar) => [bar.date, bar])))
    }
    return new ScriptedMarket(bars)
  }

  /** A market of its own with the same bars. */
  copy(): ScriptedMarket {
    return new ScriptedMarket(
      new Map([...this.#bars].map(([symbol, days]) => [symbol, new Map(days)])),
    )
  }

  bar(symbol: string, date: string): DailyBar {
    const bar = this.#bars.get(symbol)?.get(date)
    if (bar === undefined) throw new RangeError(`no bar of ${symbol} on ${date}`)
    return bar
  }

  /** All days of a symbol as they are now, oldest first. */
  bars(symbol: string): readonly DailyBar[] {
    const days = [...(this.#bars.get(symbol)?.values() ?? [])]
    return days.sort((a, b) => (a.date < b.date ? -1 : 1))
  }

  close(symbol: string, date: string): number {
    const { close } = this.bar(symbol, date)
    if (close === null) throw new RangeError(`no close of ${symbol} on ${date}`)
    return close
  }

  /** Changes a day's bar, or adds one of which only the given fields are known. */
  set(symbol: string, date: string, changes: Partial<Omit<DailyBar, 'date'>>): this {
    const days = this.#bars.get(symbol)
    const unknown = {
      date: date as IsoDate,
      open: null,
      high: null,
      low: null,
      close: null,
      volume: null,
      dividend: null,
      splitRatio: null,
    }
    days?.set(date, { ...unknown, ...days.get(date), ...changes })
    return this
  }

  /** Sets a close, and a day's range around it. */
  setClose(symbol: string, date: string, close: number): this {
    return this.set(symbol, date, { open: close, high: close, low: close, close })
  }

  remove(symbol: string, ...dates: readonly string[]): this {
    for (const date of dates) this.#bars.get(symbol)?.delete(date)
    return this
  }

  removeFrom(symbol: string, first: string): this {
    const days = [...(this.#bars.get(symbol)?.keys() ?? [])]
    return this.remove(symbol, ...days.filter((date) => date >= first))
  }

  removeBefore(symbol: string, first: string): this {
    const days = [...(this.#bars.get(symbol)?.keys() ?? [])]
    return this.remove(symbol, ...days.filter((date) => date < first))
  }

  /** Multiplies every price of a symbol from a day on. */
  scaleFrom(symbol: string, first: string, factor: number): this {
    const scaled = (price: number | null) => (price === null ? null : price * factor)
    for (const [date, bar] of this.#bars.get(symbol) ?? []) {
      if (date < first) continue
      this.set(symbol, date, {
        open: scaled(bar.open),
        high: scaled(bar.high),
        low: scaled(bar.low),
        close: scaled(bar.close),
      })
    }
    return this
  }

  /** Writes the bars as they are now to the market's CSV file. */
  write(): string {
    const path = join(this.#folder, 'bars.csv')
    writeFileSync(path, `${[HEADER, ...this.csvRows()].join('\n')}\n`)
    return path
  }

  csvRows(): readonly string[] {
    return this.#sorted().flatMap(([symbol, days]) => days.map((bar) => csvRow(symbol, bar)))
  }

  /** A provider that answers with the bars as they are at the moment of the question. */
  provider(name = 'scripted'): MarketDataProvider {
    const barsOf = (symbol: string) => this.#bars.get(symbol)
    return {
      name,
      servesDailyBars: () => true,
      expectedCalls: () => 0,
      // eslint-disable-next-line @typescript-eslint/require-await -- the interface streams
      async *dailyBars(requests) {
        for (const { symbol, from, to } of requests) {
          const days = [...(barsOf(symbol)?.values() ?? [])]
          const bars = days.filter(({ date }) => date >= from && date <= to)
          const failure = { ok: false, symbol, provider: name, retryable: false } as const
          if (bars.length > 0) yield { ok: true, symbol, provider: name, bars }
          else yield { ...failure, reason: 'no_bars', detail: `nothing from ${from} to ${to}` }
        }
      },
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #sorted(): readonly (readonly [string, readonly DailyBar[]])[] {
    return [...this.#bars].map(([symbol, days]) => {
      const bars = [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1))
      return [symbol, bars] as const
    })
  }
}

function csvRow(symbol: string, bar: DailyBar): string {
  const { date, open, high, low, close, volume, dividend, splitRatio } = bar
  const numbers = [open, high, low, close, volume, dividend, splitRatio]
  return [date, symbol, ...numbers.map((value) => (value === null ? '' : plain(value)))].join(',')
}

/** Without an exponent, with what the tables keep of it. */
function plain(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(6)
}
