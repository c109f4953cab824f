import type { IsoDate } from '../../../calendar/iso-date.ts'
import type { DailyBar } from '../../bar.ts'
import { RandomStream } from './random-stream.ts'
import { covariance, type SourceReturns } from './sources.ts'
import type { SyntheticSymbol } from './symbols.ts'

/** Expected growth of the logarithm of a holding, per session: the same for all, about 6 % a year. */
const LOG_GROWTH = 0.00023
const SESSIONS_PER_QUARTER = 63

/** The market's sessions and what happened to all symbols in them. */
export interface MarketPath {
  readonly sessions: readonly IsoDate[]
  readonly sources: SourceReturns
}

/** Which of the market's sessions to return, both ends included. */
export interface SessionRange {
  readonly first: number
  readonly last: number
}

/**
 * A symbol's bars as traded, from its total returns: close_t = close_{t−1} · (1 + r_t) ÷ split_t −
 * dividend_t, rounded to 4 decimals, with r_t = drift + loadings · sources + own. Every path starts at the
 * symbol's first session whatever the range, so that a bar does not depend on what was asked.
 */
export function symbolBars(
  seed: number,
  symbol: SyntheticSymbol,
  path: MarketPath,
  range: SessionRange,
): readonly DailyBar[] {
  const own = new RandomStream(seed, `own ${symbol.name}`)
  const shape = new RandomStream(seed, `shape ${symbol.name}`)
  const { listedOn, ownVolatility } = symbol
  const variance = covariance(symbol.loadings, symbol.loadings) + ownVolatility * ownVolatility
  const drift = LOG_GROWTH + variance / 2
  const payday = Math.floor(SESSIONS_PER_QUARTER * shape.uniform())
  const bars: DailyBar[] = []
  let close = symbol.startPrice
  for (let t = 0; t <= range.last; t++) {
    const date = path.sessions[t]
    if (date === undefined) break
    if (listedOn !== null && date < listedOn) continue
    const total = drift + shared(symbol, path.sources, t) + ownVolatility * own.normal()
    const split = symbol.split?.date === date ? symbol.split.ratio : 1
    const basis = close / split
    const pays = t % SESSIONS_PER_QUARTER === payday
    const dividend = pays ? round4((basis * symbol.dividendYield) / 4) : 0
    close = round4(basis * (1 + total) - dividend)
    const bar = { date, basis, close, dividend, split, total }
    const drawn = drawBar(bar, symbol.turnover, shape)
    if (t >= range.first) bars.push(drawn)
  }
  return bars
}

/** The part of a session's return that comes from the sources. */
function shared({ loadings }: SyntheticSymbol, sources: SourceReturns, t: number): number {
  let sum = loadings.market * (sources.market[t] ?? 0) + loadings.rates * (sources.rates[t] ?? 0)
  for (const [k, returns] of sources.styles.entries()) {
    sum += (loadings.styles[k] ?? 0) * (returns[t] ?? 0)
  }
  return sum
}

interface Traded {
  readonly date: IsoDate
  /** The previous close on this day's share basis. */
  readonly basis: number
  readonly close: number
  readonly dividend: number
  readonly split: number
  readonly total: number
}

/** Adds a plausible open, high, low and volume; they carry no information. */
function drawBar(traded: Traded, turnover: number, shape: RandomStream): DailyBar {
  const { date, basis, close, dividend, split, total } = traded
  const open = round4(basis + (close - basis) * shape.uniform())
  const high = round4(Math.max(open, close) * (1 + 0.008 * shape.uniform()))
  const low = round4(Math.min(open, close) * (1 - 0.008 * shape.uniform()))
  const activity = (0.6 + 0.8 * shape.uniform()) * (1 + 20 * Math.abs(total))
  const volume = Math.round((turnover * activity) / close)
  return { date, open, high, low, close, volume, dividend, splitRatio: split }
}

function round4(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
