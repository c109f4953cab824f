import { parseOcc, type OptionContract } from '../../../symbols/occ.ts'
import type { Ticker } from '../../../symbols/ticker.ts'
import type { DailyBar } from '../../bar.ts'
import { covariance } from './sources.ts'
import { symbolBars, type MarketPath, type SessionRange } from './symbol-bars.ts'
import type { SyntheticSymbol } from './symbols.ts'

const SESSIONS_PER_YEAR = 252
/** A contract is listed two years before it expires. */
const LISTED_SESSIONS = 2 * SESSIONS_PER_YEAR
/** Of an option at the money, per S·σ·√T: 1 ÷ √(2π). */
const TIME_VALUE_AT_THE_MONEY = 0.4
/** Beyond so many standard deviations from the strike there is no time value left. */
const REACH = 1.6
/** Nothing is quoted below a cent: a contract without value keeps that price until it expires. */
const CENTS = 100
const LOWEST_CENTS = 1

/** A contract of the market and the stock it is on. */
export interface SyntheticOption {
  readonly contract: OptionContract
  readonly underlying: SyntheticSymbol
}

/**
 * The option that an OCC symbol names; null when the symbol is no option's, its root no symbol of the
 * market (without punctuation, as OCC roots are), or its expiration after the market's end.
 */
export function findOption(
  symbol: Ticker,
  underlyings: Iterable<SyntheticSymbol>,
  { sessions }: MarketPath,
): SyntheticOption | null {
  const contract = parseOcc(symbol)
  if (contract === null || contract.expiration > (sessions.at(-1) ?? '')) return null
  for (const underlying of underlyings) {
    if (underlying.name.replaceAll('.', '') === contract.root) return { contract, underlying }
  }
  return null
}

/**
 * A contract's closes: max(`optionPrice`, one cent), in whole cents, from two years before its expiration
 * session (or the listing of its stock) through that session. S is the stock's close as traded, so that
 * after a split the contract of the same strike is another one, as it is on an exchange. Opens, highs, lows
 * and volumes are not said.
 */
export function optionBars(
  seed: number,
  { contract, underlying }: SyntheticOption,
  path: MarketPath,
  range: SessionRange,
): readonly DailyBar[] {
  const expiry = path.sessions.findLastIndex((session) => session <= contract.expiration)
  const first = Math.max(range.first, expiry - LISTED_SESSIONS)
  const last = Math.min(range.last, expiry)
  if (first > last) return []
  const volatility = dailyVolatility(underlying) * Math.sqrt(SESSIONS_PER_YEAR)
  return symbolBars(seed, underlying, path, { first, last }).map(({ date, close }, i, bars) => {
    const sessionsLeft = expiry - last + (bars.length - 1 - i)
    const years = sessionsLeft / SESSIONS_PER_YEAR
    const price = close === null ? null : optionPrice(contract, { spot: close, volatility, years })
    return { ...UNSAID, date, close: price === null ? null : inCents(price) }
  })
}

const UNSAID = { open: null, high: null, low: null, volume: null, dividend: 0, splitRatio: 1 }

export interface OptionMarket {
  /** S, the stock's price. */
  readonly spot: number
  /** σ, of a year. */
  readonly volatility: number
  /** T, until expiration. */
  readonly years: number
}

/**
 * Intrinsic value plus 0.4·w·max(0, 1 − |S − K| ÷ (1.6·w))², with w = S·σ·√T: a stand-in for the demo that
 * needs only + − × ÷ and √, which IEEE 754 defines to the last bit. At the money it is the Bachelier value
 * 1 ÷ √(2π) of one standard deviation; 1.6 makes the price smooth there (Δ = ½). One standard deviation away
 * it is 0.03·w too low. There are no rates and no dividends in it, and it must not price anything real.
 *
 * @example S = K = 100, σ = 0.3, T = 0.25: 0.4 · 15 = 6
 */
export function optionPrice({ right, strike }: OptionContract, market: OptionMarket): number {
  const { spot, volatility, years } = market
  const moneyness = spot - Number(strike)
  const intrinsic = Math.max(0, right === 'C' ? moneyness : -moneyness)
  const width = spot * volatility * Math.sqrt(years)
  if (width === 0) return intrinsic
  const nearness = Math.max(0, 1 - Math.abs(moneyness) / (REACH * width))
  return intrinsic + TIME_VALUE_AT_THE_MONEY * width * nearness * nearness
}

function inCents(price: number): number {
  return Math.max(LOWEST_CENTS, Math.round(price * CENTS)) / CENTS
}

function dailyVolatility({ loadings, ownVolatility }: SyntheticSymbol): number {
  return Math.sqrt(covariance(loadings, loadings) + ownVolatility * ownVolatility)
}
