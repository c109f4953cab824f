import {
  covariance,
  MARKET_VOLATILITY,
  PROXY_LOADINGS,
  STYLE_ON_MARKET,
  STYLE_VOLATILITY,
  STYLES,
  type Loadings,
} from './sources.ts'

const STYLE_FACTORS = ['Momentum', 'Value', 'Growth', 'Size', 'Quality', 'Low Volatility']

/** Name, long leg and short leg of each factor that is a regression on one return. */
const SINGLE_FACTORS: readonly (readonly [string, string, string | null])[] = [
  ['Market Beta (90D)', 'SPY', null],
  ['IR Beta', 'TLT', null],
  ['Growth-Value Spread', 'VUG', 'VTV'],
  ['Momentum Spread', 'MTUM', 'SPY'],
  ['Size Spread', 'IWM', 'SPY'],
  ['Quality Spread', 'QUAL', 'SPY'],
]

/**
 * The betas that regressions over infinitely many sessions would find, by name of the factor.
 *
 * With s, ρ_k and ρ_T independent, of variances v, v_k and v_T, and a symbol that loads a on s, r_k on
 * ρ_k and t on ρ_T, covariances are sums of products: Cov(i, j) = a_i a_j v + Σ r_ik r_jk v_k + t_i t_j v_T.
 *
 * - A factor with one regressor x (market, IR, a spread long − short): β = Cov(i, x) ÷ Var(x).
 * - The six styles jointly: β = Σ⁻¹c with Σ = D + v γγ' the covariance of the proxies (D = diag v_k) and
 *   c that of the symbol with them; by Sherman and Morrison
 *   Σ⁻¹c = D⁻¹c − D⁻¹γ · v(γ'D⁻¹c) ÷ (1 + v γ'D⁻¹γ). For a stock r_k = b_k and a = Σ b_k γ_k, hence c = Σb
 *   and β = b: the loadings it was built from.
 *
 * A ridge regression shrinks its estimates from these values, the more the shorter its window.
 */
export function trueBetas(symbol: Loadings): ReadonlyMap<string, number> {
  const betas = new Map<string, number>()
  for (const [name, long, short] of SINGLE_FACTORS) {
    const factor = minus(proxy(long), short === null ? null : proxy(short))
    betas.set(name, covariance(symbol, factor) / covariance(factor, factor))
  }
  const styles = jointStyleBetas(symbol)
  for (const [k, name] of STYLE_FACTORS.entries()) betas.set(name, styles[k] ?? Number.NaN)
  return betas
}

function jointStyleBetas(symbol: Loadings): readonly number[] {
  const marketVariance = MARKET_VOLATILITY * MARKET_VOLATILITY
  const gamma = STYLE_ON_MARKET
  const precision = STYLE_VOLATILITY.map((volatility) => 1 / (volatility * volatility))
  const c = STYLES.map((name) => covariance(symbol, proxy(name)))
  const gammaC = sum(gamma.map((g, k) => g * at(precision, k) * at(c, k)))
  const gammaGamma = sum(gamma.map((g, k) => g * at(precision, k) * g))
  const common = (marketVariance * gammaC) / (1 + marketVariance * gammaGamma)
  return c.map((covarianceWithK, k) => at(precision, k) * (covarianceWithK - at(gamma, k) * common))
}

function minus(long: Loadings, short: Loadings | null): Loadings {
  if (short === null) return long
  return {
    market: long.market - short.market,
    styles: long.styles.map((loading, k) => loading - at(short.styles, k)),
    rates: long.rates - short.rates,
  }
}

function proxy(name: string): Loadings {
  const loadings = PROXY_LOADINGS.get(name)
  if (loadings === undefined) throw new RangeError(`${name} is no proxy of the synthetic market`)
  return loadings
}

function at(values: readonly number[], index: number): number {
  const value = values[index]
  if (value === undefined) throw new RangeError(`no style has the number ${index}`)
  return value
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
