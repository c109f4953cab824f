import type { Cents } from '../pnl/index.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { ExposureBook } from './exposure-book.ts'
import { symbolDollars, type BookDollars } from './symbol-dollars.ts'

/** A symbol's factor fits on a date. Entry f belongs to factor f of the definitions; NaN = none. */
export interface SymbolBetas {
  readonly beta: Float64Array
  /** Also NaN where the fit has none, as a provider's beta. */
  readonly stdError: Float64Array
}

/** The active factors and what every symbol is known to have of them. */
export interface FactorBetas {
  /** In the order of the definitions. */
  readonly factorIds: readonly string[]
  readonly bySymbol: ReadonlyMap<Ticker, SymbolBetas>
}

/** A row of `factor_exposures`. */
export interface FactorExposure {
  readonly factorId: string
  /** Rounded to cents, half away from zero. */
  readonly exposureDollar: Cents
  /** Dollars per dollar of equity: the portfolio's beta. Null when equity is not positive. */
  readonly exposureValue: number | null
  /** Of `exposureValue`. Null when that is, or when a symbol held has no standard error. */
  readonly stdError: number | null
  /** 0 to 100. Null when what is listed is worth nothing. */
  readonly coveragePct: number | null
}

/** Why a portfolio has no exposure to any factor. */
export type NoExposureReason =
  | 'no_active_positions'
  | 'no_public_positions'
  | 'no_price_data'
  | 'no_greeks'
  | 'no_factor_exposures'

export interface PortfolioExposures {
  /** One per factor of which some lot has a beta, in the order of the definitions. */
  readonly rows: readonly FactorExposure[]
  /** Null exactly when there are rows. */
  readonly reason: NoExposureReason | null
  /** Kept out because their last close is too old. */
  readonly lotsWithoutMark: number
  /** Options kept out for want of Greeks or of an underlying. */
  readonly lotsWithoutGreeks: number
}

/**
 * What a portfolio is exposed to on a date (chapter 40, from symbol to portfolio). With D_s the net
 * dollars held in symbol s (options: Δ · quantity · 100 · S of their underlying) and β_s, SE_s its fit:
 *
 *     exposure dollars = Σ D_s·β_s
 *     exposure         = exposure dollars ÷ equity, the portfolio's beta
 *     standard error   = √Σ (D_s·SE_s)² ÷ equity, residuals taken as independent across symbols
 *     coverage         = 100 · Σ|market value of lots with a beta| ÷ Σ|market value of PUBLIC and OPTIONS|
 *
 * Weights D_s ÷ equity add up to leverage, not to 1. Splitting a lot, or the order of lots, changes nothing.
 *
 * Missing data: a lot without beta, usable mark or Greeks contributes nothing and lowers coverage; PRIVATE
 * lots are in equity only. Where a symbol that is held net has a beta but no standard error (a provider's
 * beta, a fit without degrees of freedom) the portfolio has none either: leaving it out would show a band
 * that is too narrow.
 *
 * @example $60,000 of a symbol with β 1.2 ± 0.10 and −$30,000 of one with 2.0 ± 0.25 on equity of
 * $100,000: $12,000, exposure 0.12 ± √(0.06² + 0.075²) = 0.0960
 */
export function portfolioExposures(book: ExposureBook, betas: FactorBetas): PortfolioExposures {
  const dollars = symbolDollars(book.lots)
  const rows = betas.factorIds.flatMap((factorId, f): readonly FactorExposure[] => {
    const sums = sumsOver(dollars, betas, f)
    return sums === null ? [] : [exposureRow(factorId, sums, { book, dollars })]
  })
  const { lotsWithoutMark, lotsWithoutGreeks } = dollars
  const reason = rows.length > 0 ? null : whyNone(book, dollars)
  return { rows, reason, lotsWithoutMark, lotsWithoutGreeks }
}

/** In cents, and cents squared; `variance` is NaN when a standard error is missing. */
interface FactorSums {
  readonly exposure: number
  readonly variance: number
  readonly covered: number
}

function sumsOver(
  { bySymbol }: BookDollars,
  betas: FactorBetas,
  factor: number,
): FactorSums | null {
  let [exposure, variance, covered, symbols] = [0, 0, 0, 0]
  for (const { symbol, net, gross } of bySymbol) {
    const own = betas.bySymbol.get(symbol)
    const beta = own?.beta[factor] ?? NaN
    if (Number.isNaN(beta)) continue
    symbols += 1
    covered += gross
    if (net === 0) continue
    exposure += net * beta
    variance += (net * (own?.stdError[factor] ?? NaN)) ** 2
  }
  return symbols === 0 ? null : { exposure, variance, covered }
}

function exposureRow(
  factorId: string,
  { exposure, variance, covered }: FactorSums,
  of: { readonly book: ExposureBook; readonly dollars: BookDollars },
): FactorExposure {
  const equity = Number(of.book.equity)
  const { listed } = of.dollars
  const hasError = equity > 0 && !Number.isNaN(variance)
  return {
    factorId,
    exposureDollar: roundedCents(exposure),
    exposureValue: equity > 0 ? exposure / equity : null,
    stdError: hasError ? Math.sqrt(variance) / equity : null,
    coveragePct: listed > 0 ? (100 * covered) / listed : null,
  }
}

function whyNone({ lots }: ExposureBook, dollars: BookDollars): NoExposureReason {
  if (lots.length === 0) return 'no_active_positions'
  if (dollars.listedLots === 0) return 'no_public_positions'
  if (dollars.bySymbol.length > 0) return 'no_factor_exposures'
  return dollars.lotsWithoutGreeks > 0 ? 'no_greeks' : 'no_price_data'
}

/** `Math.round` takes halves upwards, money takes them away from zero. */
function roundedCents(cents: number): Cents {
  return BigInt(Math.sign(cents) * Math.round(Math.abs(cents))) as Cents
}
