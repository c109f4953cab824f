import { formatCents, parseCents, type Cents } from '../../src/pnl/index.ts'
import type { ExposureBook, ExposureLot } from '../../src/exposures/exposure-book.ts'
import {
  portfolioExposures,
  type FactorBetas,
  type SymbolBetas,
} from '../../src/exposures/portfolio-exposures.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'

/** A lot of shares worth so many dollars, a short below zero. */
export function shares(
  symbol: string,
  marketValue: string,
  changes: Partial<ExposureLot> = {},
): ExposureLot {
  return {
    symbol: symbol as Ticker,
    investmentClass: 'PUBLIC',
    underlyingSymbol: null,
    marketValue: parseCents(marketValue),
    priceStatus: 'current',
    deltaDollars: null,
    ...changes,
  }
}

/** A holding whose value its owner states. */
export function privateLot(marketValue: string): ExposureLot {
  return shares('STARTUP', marketValue, { investmentClass: 'PRIVATE', priceStatus: 'manual' })
}

/** An option lot on an underlying, with the dollars of it that it moves like, or without Greeks. */
export function option(
  underlying: string,
  marketValue: string,
  deltaDollars: number | null,
): ExposureLot {
  return shares(`${underlying}240119C00150000`, marketValue, {
    investmentClass: 'OPTIONS',
    underlyingSymbol: underlying as Ticker,
    deltaDollars,
  })
}

export function book(equity: string, ...lots: readonly ExposureLot[]): ExposureBook {
  return { equity: parseCents(equity), lots }
}

/** By symbol, for each factor `[beta, standard error]`; null = no row, an error left out = none known. */
export type Fits = Readonly<
  Record<string, Readonly<Record<string, readonly [beta: number, stdError?: number] | null>>>
>

/** The betas of a date for the named factors, whose names are their ids. */
export function betas(factorIds: readonly string[], fits: Fits): FactorBetas {
  const bySymbol = Object.entries(fits).map(([symbol, of]): [Ticker, SymbolBetas] => [
    symbol as Ticker,
    {
      beta: Float64Array.from(factorIds, (factor) => of[factor]?.[0] ?? NaN),
      stdError: Float64Array.from(factorIds, (factor) => of[factor]?.[1] ?? NaN),
    },
  ])
  return { factorIds, bySymbol: new Map(bySymbol) }
}

/** The rows of a book by factor, dollars as decimals. */
export function exposuresOf(of: ExposureBook, known: FactorBetas) {
  const { rows, ...rest } = portfolioExposures(of, known)
  const entries = rows.map(({ factorId, exposureDollar, exposureValue, stdError, coveragePct }) => [
    factorId,
    { dollars: formatCents(exposureDollar), value: exposureValue, stdError, coveragePct },
  ])
  return { rows: Object.fromEntries(entries) as Rows, ...rest }
}

type Rows = Readonly<
  Record<
    string,
    {
      readonly dollars: string
      readonly value: number | null
      readonly stdError: number | null
      readonly coveragePct: number | null
    }
  >
>

/** The row of the only factor there is. */
export function marketOf(
  of: ExposureBook,
  fits: Readonly<Record<string, readonly [number, number?]>>,
) {
  const known = betas(
    ['market'],
    Object.fromEntries(Object.entries(fits).map(([symbol, fit]) => [symbol, { market: fit }])),
  )
  const row = exposuresOf(of, known).rows['market']
  if (row === undefined) throw new Error('the book has no market exposure')
  return row
}

export function cents(amount: number): Cents {
  return BigInt(amount) as Cents
}
