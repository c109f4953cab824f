import { sessionsBack } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import { contractOn, type Lot, type Micros, type PriceSource } from '../pnl/index.ts'
import { returnSeries, windowOf, type ReturnHistory } from '../portfolio-returns/index.ts'
import type { OptionContract } from '../symbols/occ.ts'
import type { Ticker } from '../symbols/ticker.ts'
import { annualVolatility } from '../volatility/index.ts'
import { LAST_SOLVED_SESSIONS, type VolatilitySources } from './choose-volatility.ts'
import { impliedVolatility } from './implied-volatility.ts'
import type { OptionTerms } from './option-terms.ts'
import { yearsToExpiration } from './years-to-expiration.ts'

const REALIZED_SESSIONS = 63
const MICROS = 1e6

/** What the options of a date are valued with. */
export interface OptionMarketFacts {
  readonly date: SessionDate
  /** Closes of contracts and underlyings, reaching five sessions back. */
  readonly prices: PriceSource
  /** Returns of the underlyings up to the date. */
  readonly history: ReturnHistory
  /** Fractions per year, by underlying. */
  readonly dividendYields: ReadonlyMap<Ticker, number>
  /** `RISK_FREE_RATE`. */
  readonly rate: number
}

/** A contract on a date, as `positionGreeks` takes it. */
export interface OptionQuote {
  /** Null when the underlying has no close of the date. */
  readonly terms: OptionTerms | null
  readonly sources: VolatilitySources
}

/**
 * The option contracts of a date, each looked at once however many lots are in it.
 *
 * Strike, spot and the contract's own close are all as traded on one session, so that a split between
 * sessions changes nothing. A volatility counts as solved on an earlier session when both had a close then:
 * it follows from prices alone, whoever held the contract and whatever runs there were.
 *
 * Missing data: an underlying of which no dividend yield is known is taken to pay none.
 */
export class OptionMarket {
  readonly #facts: OptionMarketFacts
  readonly #quotes = new Map<string, OptionQuote>()

  constructor(facts: OptionMarketFacts) {
    this.#facts = facts
  }

  /** Null when no ordinary contract describes the lot, or when its underlying is not known. */
  quoteOf(lot: Lot): OptionQuote | null {
    const { date, prices } = this.#facts
    const { contract, symbol } = contractOn(lot, date, prices)
    const { underlyingSymbol: underlying } = lot
    if (contract === null || symbol === null || underlying === null) return null
    const key = `${symbol} ${underlying}`
    const known = this.#quotes.get(key)
    if (known !== undefined) return known
    const quote = this.#quote(lot, underlying)
    this.#quotes.set(key, quote)
    return quote
  }

  #quote(lot: Lot, underlying: Ticker): OptionQuote {
    const { date } = this.#facts
    const { terms, close } = this.#on(lot, underlying, date)
    const isSolved = terms !== null && close !== null && impliedVolatility(terms, close).ok
    const sources = {
      optionClose: close,
      lastSolved: isSolved ? null : this.#lastSolved(lot, underlying),
      realizedVolatility: isSolved ? null : this.#realizedVolatility(underlying),
    }
    return { terms, sources }
  }

  #lastSolved(lot: Lot, underlying: Ticker): VolatilitySources['lastSolved'] {
    for (let sessionsAgo = 1; sessionsAgo <= LAST_SOLVED_SESSIONS; sessionsAgo++) {
      const session = sessionsBack(this.#facts.date, sessionsAgo)
      const { terms, close } = this.#on(lot, underlying, session)
      const implied = terms === null || close === null ? null : impliedVolatility(terms, close)
      if (implied?.ok === true) return { volatility: implied.volatility, sessionsAgo }
    }
    return null
  }

  #on(
    lot: Lot,
    underlying: Ticker,
    session: SessionDate,
  ): { readonly terms: OptionTerms | null; readonly close: number | null } {
    const { prices, dividendYields, rate } = this.#facts
    const { contract, symbol } = contractOn(lot, session, prices)
    const spot = closeOn(prices, underlying, session)
    const terms =
      contract === null || spot === null
        ? null
        : {
            ...optionOf(contract),
            spot,
            years: yearsToExpiration(session, contract.expiration),
            rate,
            dividendYield: dividendYields.get(underlying) ?? 0,
          }
    return { terms, close: symbol === null ? null : closeOn(prices, symbol, session) }
  }

  #realizedVolatility(underlying: Ticker): number | null {
    const window = windowOf(this.#facts.history, underlying)
    const returns = window === null ? new Float64Array() : returnSeries(window).values
    return returns.length < REALIZED_SESSIONS
      ? null
      : annualVolatility(returns.subarray(-REALIZED_SESSIONS))
  }
}

function optionOf({ right, strike }: OptionContract): Pick<OptionTerms, 'right' | 'strike'> {
  return { right, strike: Number(strike) }
}

function closeOn(prices: PriceSource, symbol: Ticker, session: SessionDate): number | null {
  const close = prices(symbol).closeOnOrBefore(session)
  return close?.date === session ? dollarsOf(close.price) : null
}

function dollarsOf(price: Micros): number {
  return Number(price) / MICROS
}
