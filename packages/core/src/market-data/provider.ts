import type { IsoDate } from '../calendar/iso-date.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { DailyBar } from './bar.ts'
import type { Fundamentals, Profile, SymbolOutcome } from './profile.ts'

/** What a provider is asked for one symbol: the days `from`..`to`, both included. */
export interface BarRequest {
  readonly symbol: Ticker
  readonly from: IsoDate
  readonly to: IsoDate
}

/** Why a provider gave nothing for a symbol. */
export type BarFailureReason =
  | 'unknown_symbol'
  | 'delisted'
  | 'no_bars'
  | 'malformed'
  | 'rate_limited'
  | 'unavailable'
  | 'refused'
  | 'budget_spent'
  /** A restated bar whose later splits cannot be known is not stored. */
  | 'unknown_later_splits'

/** The answer for one symbol. Bars are sorted by date, one per date. */
export type BarOutcome =
  | {
      readonly ok: true
      readonly symbol: Ticker
      readonly provider: string
      readonly bars: readonly DailyBar[]
    }
  | {
      readonly ok: false
      readonly symbol: Ticker
      readonly provider: string
      readonly reason: BarFailureReason
      /** What, where and what to do, readable by an operator. */
      readonly detail: string
      readonly retryable: boolean
    }

export interface FetchOptions {
  readonly signal: AbortSignal
}

/** A source of market data. Adapters translate symbols and turn what they are served into facts as traded. */
export interface MarketDataProvider {
  readonly name: string
  /** Whether the provider can serve daily bars of this symbol at all. */
  servesDailyBars(symbol: Ticker): boolean
  /** How many calls `dailyBars(requests)` would make; 0 for local sources. Used by `--dry-run`. */
  expectedCalls(requests: readonly BarRequest[]): number
  /**
   * Yields exactly one outcome per request, in any order. Throws only when aborted; every other
   * failure is an outcome of its symbol.
   */
  dailyBars(requests: readonly BarRequest[], options: FetchOptions): AsyncIterable<BarOutcome>
  /**
   * Profiles, one outcome per symbol in any order; a provider without them leaves this out. Throws only
   * when aborted.
   */
  profiles?(
    symbols: readonly Ticker[],
    options: FetchOptions,
  ): AsyncIterable<SymbolOutcome<Profile>>
  /** Financial statements, likewise. */
  fundamentals?(
    symbols: readonly Ticker[],
    options: FetchOptions,
  ): AsyncIterable<SymbolOutcome<Fundamentals>>
  /** At most so many calls would `profiles` make for so many symbols; with `profiles` only. */
  expectedProfileCalls?(symbols: number): number
  /** Likewise for `fundamentals`. */
  expectedStatementCalls?(symbols: number): number
  /**
   * What an operator should hear of the last fetch that is not the matter of one symbol, e.g. a bad
   * file; a provider that has no such matters leaves it out.
   */
  problems?(): readonly string[]
}
