import type { SymbolDollars } from '../exposures/symbol-dollars.ts'

/** Which holdings are worth correlating. */
export interface CorrelationLimits {
  /** Smallest share of gross, a fraction (`CORRELATION_MIN_WEIGHT`). */
  readonly minWeight: number
  /** Smallest market value, dollars (`CORRELATION_MIN_VALUE`). */
  readonly minValue: number
}

const FEWEST = 2

/**
 * The holdings that are at least `minWeight` of gross and `minValue` dollars without sign; when fewer than
 * two are, the two largest. In ascending order of symbols; what nets to 0 is never selected. Gross is Σ|net| of the holdings themselves.
 *
 * @param holdings lots netted by symbol, in cents, sorted by symbol
 */
export function selectHoldings(
  holdings: readonly SymbolDollars[],
  { minWeight, minValue }: CorrelationLimits,
): readonly SymbolDollars[] {
  const gross = holdings.reduce((sum, { net }) => sum + Math.abs(net), 0)
  const held = holdings.filter(({ net }) => net !== 0)
  const large = held.filter(
    ({ net }) => Math.abs(net) >= minWeight * gross && Math.abs(net) >= 100 * minValue,
  )
  if (large.length >= FEWEST) return large
  const largest = held.toSorted((a, b) => Math.abs(b.net) - Math.abs(a.net)).slice(0, FEWEST)
  return held.filter((holding) => largest.includes(holding))
}
