import { available, unavailable, type AnalyticResult } from '../analytics/analytic-result.ts'
import {
  chooseVolatility,
  type ChosenVolatility,
  type VolatilitySources,
} from './choose-volatility.ts'
import type { OptionTerms } from './option-terms.ts'
import { priceOption, type OptionValue } from './price-option.ts'

/** Shares that a contract is for. */
const MULTIPLIER = 100
const DAYS_PER_YEAR = 365

/** An option lot on a session. */
export interface OptionHolding {
  /** `years` from the session's close; null when the underlying has no close of the session. */
  readonly terms: OptionTerms | null
  readonly sources: VolatilitySources
  /** Signed contracts. */
  readonly quantity: number
}

/** Greeks of a lot: those of one option on one share times the signed quantity × 100. */
export interface PositionGreeks extends Omit<OptionValue, 'price'>, ChosenVolatility {
  /** Of one option on one share, for comparison with the market. */
  readonly modelPrice: number
  /** Dollars of the underlying that the lot moves like: Δ·quantity·100·S. */
  readonly deltaDollars: number
  /** Change of `deltaDollars` when the underlying moves by 1 %: Γ·quantity·100·S² ÷ 100. */
  readonly gammaDollars: number
  /** Dollars per calendar day. */
  readonly thetaPerDay: number
  /** Dollars per point (0.01) of volatility. */
  readonly vegaPerPoint: number
}

/**
 * Greeks of an option lot. Vega and rho are per 1.00, theta per year; the dollar figures for a snapshot
 * are beside them.
 *
 * Missing data: `no_price_data` without a close of the underlying, `no_greeks` when the option has
 * expired or no volatility is known.
 *
 * @example two calls short, Δ 0.6368, S 100: delta −127.37, deltaDollars −12,736.61
 */
export function positionGreeks(holding: OptionHolding): AnalyticResult<PositionGreeks> {
  const { terms, sources, quantity } = holding
  if (terms === null) return unavailable('no_price_data')
  const chosen = terms.years > 0 ? chooseVolatility(terms, sources) : null
  if (chosen === null) return unavailable('no_greeks')
  const value = priceOption(terms, chosen.volatility)
  const shares = quantity * MULTIPLIER
  const theta = value.theta * shares
  const vega = value.vega * shares
  return available({
    ...chosen,
    modelPrice: value.price,
    delta: value.delta * shares,
    gamma: value.gamma * shares,
    theta,
    vega,
    rho: value.rho * shares,
    deltaDollars: value.delta * shares * terms.spot,
    gammaDollars: (value.gamma * shares * terms.spot ** 2) / 100,
    thetaPerDay: theta / DAYS_PER_YEAR,
    vegaPerPoint: vega / 100,
  })
}
