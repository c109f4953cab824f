import { impliedVolatility, type NoVolatilityReason } from './implied-volatility.ts'
import type { OptionTerms } from './option-terms.ts'

/** Where the volatility of an option's Greeks comes from. */
export type GreeksModel = 'bsm' | 'bsm_last_vol' | 'bsm_hist_vol'

/** What is known of an option's volatility on a session. All volatilities are fractions per year. */
export interface VolatilitySources {
  /** The option's close of the same session as the underlying's; null without one. */
  readonly optionClose: number | null
  /** The last one solved from a close, and how many sessions ago. */
  readonly lastSolved: { readonly volatility: number; readonly sessionsAgo: number } | null
  /** Of the underlying, 63 sessions. */
  readonly realizedVolatility: number | null
}

export interface ChosenVolatility {
  readonly volatility: number
  readonly model: GreeksModel
  /** Why the close told none; null when it did, or when there is no close. */
  readonly refusal: NoVolatilityReason | null
}

/** How many sessions back a volatility that was implied by a close still counts. */
export const LAST_SOLVED_SESSIONS = 5

/**
 * The volatility to compute Greeks with: implied by the session's close, else the last one implied at most
 * five sessions ago, else what the underlying realised. Null when there is none of these.
 */
export function chooseVolatility(
  terms: OptionTerms,
  { optionClose, lastSolved, realizedVolatility }: VolatilitySources,
): ChosenVolatility | null {
  const implied = optionClose === null ? null : impliedVolatility(terms, optionClose)
  if (implied?.ok === true) return { volatility: implied.volatility, model: 'bsm', refusal: null }
  const refusal = implied?.reason ?? null
  if (lastSolved !== null && lastSolved.sessionsAgo <= LAST_SOLVED_SESSIONS) {
    return { volatility: lastSolved.volatility, model: 'bsm_last_vol', refusal }
  }
  return realizedVolatility === null
    ? null
    : { volatility: realizedVolatility, model: 'bsm_hist_vol', refusal }
}
