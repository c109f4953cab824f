import { RandomStream } from './random-stream.ts'

/** The style proxies in the order of all style arrays. */
export const STYLES = ['MTUM', 'VTV', 'VUG', 'IWM', 'QUAL', 'USMV'] as const

/**
 * What drives all returns: the market return s, one independent return ρ_k per style, and ρ_T of long
 * bonds, all of mean zero. Figures are per session.
 */
export const MARKET_VOLATILITY = 0.009
/** Part of each style proxy's return that is not the market's. */
export const STYLE_VOLATILITY: readonly number[] = [0.005, 0.004, 0.0045, 0.006, 0.004, 0.0045]
/** Loading of each style proxy on the market, γ_k. */
export const STYLE_ON_MARKET: readonly number[] = [1.05, 0.9, 1.1, 1.15, 0.98, 0.7]
export const RATES_VOLATILITY = 0.007
/** Loading of TLT on the market, γ_T. */
export const RATES_ON_MARKET = -0.2

/** How a return is made up of the independent sources; what remains of it is the symbol's own. */
export interface Loadings {
  /** On s. */
  readonly market: number
  /** On each ρ_k. */
  readonly styles: readonly number[]
  /** On ρ_T. */
  readonly rates: number
}

/** The loadings of the eight proxies. */
export const PROXY_LOADINGS: ReadonlyMap<string, Loadings> = new Map([
  ['SPY', { market: 1, styles: STYLES.map(() => 0), rates: 0 }],
  ['TLT', { market: RATES_ON_MARKET, styles: STYLES.map(() => 0), rates: 1 }],
  ...STYLES.map((name, k): [string, Loadings] => [
    name,
    {
      market: STYLE_ON_MARKET[k] ?? 0,
      styles: STYLES.map((_, j) => (j === k ? 1 : 0)),
      rates: 0,
    },
  ]),
])

/**
 * Covariance of what two returns owe to the sources, which are independent: the sum over the sources of
 * loading · loading · variance.
 */
export function covariance(a: Loadings, b: Loadings): number {
  let sum = a.market * b.market * MARKET_VOLATILITY * MARKET_VOLATILITY
  for (const [k, volatility] of STYLE_VOLATILITY.entries()) {
    sum += (a.styles[k] ?? 0) * (b.styles[k] ?? 0) * volatility * volatility
  }
  return sum + a.rates * b.rates * RATES_VOLATILITY * RATES_VOLATILITY
}

/** One number per session for each source. */
export interface SourceReturns {
  readonly market: Float64Array
  readonly styles: readonly Float64Array[]
  readonly rates: Float64Array
}

/** Draws the sources for a number of sessions. */
export function drawSources(seed: number, sessions: number): SourceReturns {
  const draw = (name: string, volatility: number): Float64Array => {
    const random = new RandomStream(seed, `source ${name}`)
    return Float64Array.from({ length: sessions }, () => volatility * random.normal())
  }
  return {
    market: draw('market', MARKET_VOLATILITY),
    styles: STYLES.map((name, k) => draw(name, STYLE_VOLATILITY[k] ?? 0)),
    rates: draw('rates', RATES_VOLATILITY),
  }
}
