import { available, unavailable, type AnalyticResult } from '../analytics/analytic-result.ts'
import type { ExposureLot } from '../exposures/exposure-book.ts'
import { symbolDollars, type SymbolDollars } from '../exposures/symbol-dollars.ts'
import type { Ticker } from '../symbols/ticker.ts'
import { clipEigenvalues, isPositiveSemidefinite, type SquareMatrix } from './correlation-matrix.ts'
import { dropIncomplete } from './drop-incomplete.ts'
import { pairCorrelation } from './pair-correlation.ts'
import type { ReturnColumn, ReturnColumns } from './return-columns.ts'
import { selectHoldings, type CorrelationLimits } from './select-holdings.ts'

export type CorrelationExclusion =
  'below_threshold' | 'no_returns' | 'constant_returns' | 'few_common_returns'

/** What is stored of the correlations in a portfolio. */
export interface PortfolioCorrelation {
  /** In ascending order. */
  readonly symbols: readonly Ticker[]
  /** Strict upper triangle, row by row: n·(n − 1) ÷ 2 values. */
  readonly matrix: Float32Array
  /** Mean of the correlations of all pairs; null when there is no pair. */
  readonly overallCorrelation: number | null
  /** As many uncorrelated equal holdings have this risk; null for a book that is hedged to nothing. */
  readonly effectivePositions: number | null
  readonly excluded: readonly { readonly symbol: Ticker; readonly reason: CorrelationExclusion }[]
  /** Fewest returns of a symbol included, at most 90. */
  readonly observations: number
  /** The pairs did not fit together and were changed by eigenvalue clipping. */
  readonly isRepaired: boolean
}

/** Σ w_i·w_j·ρ_ij below which a book counts as hedged to nothing. */
const SMALLEST_RISK = 1e-9

/**
 * Correlations of the larger PUBLIC holdings of a portfolio, lots netted by symbol: Pearson on simple daily
 * returns of 90 sessions. Effective positions are 1 ÷ Σ_ij w_i·w_j·ρ_ij with w = net value ÷ Σ|net value|
 * of the symbols included, shorts negative.
 *
 * Columns without gaps make a Gram matrix, which is positive semidefinite by itself; with gaps every pair
 * has its own sessions, and eigenvalues below −1e-10 are clipped.
 *
 * Missing data: see `selectHoldings` and `dropIncomplete`; whatever is left out is listed. Reasons:
 * `no_active_positions`, `no_public_positions` (also when all that is PUBLIC nets to nothing),
 * `no_price_data` without any mark or any symbol with returns, `insufficient_observations` when several
 * symbols are large enough and fewer than two can be compared. A portfolio of a single symbol has an empty
 * matrix and one effective position.
 *
 * @param lots the open ones, in any order
 * @example two equal longs with ρ = 0.5: 1 ÷ (0.25 + 0.25 + 2·0.25·0.5) = 1.33 effective positions
 */
export function portfolioCorrelation(
  { bySymbol }: ReturnColumns,
  lots: readonly ExposureLot[],
  limits: CorrelationLimits,
): AnalyticResult<PortfolioCorrelation> {
  if (lots.length === 0) return unavailable('no_active_positions')
  const listed = lots.filter(({ investmentClass }) => investmentClass === 'PUBLIC')
  if (listed.length === 0) return unavailable('no_public_positions')
  const holdings = symbolDollars(listed).bySymbol
  if (holdings.length === 0) return unavailable('no_price_data')
  const selected = selectHoldings(holdings, limits)
  if (selected.length === 0) return unavailable('no_public_positions')
  const known = selected.flatMap((holding): readonly KnownHolding[] => {
    const column = bySymbol.get(holding.symbol)
    return column === undefined || column.isConstant ? [] : [{ holding, column }]
  })
  if (known.length === 0) return unavailable('no_price_data')

  const all = correlationMatrix(known.map(({ column }) => column))
  const kept = dropIncomplete(
    all,
    known.map(({ column }) => column.observations),
  )
  if (kept.length < 2 && selected.length > 1) return unavailable('insufficient_observations')
  const included = kept.map((i) => known[i] as KnownHolding)
  const raw = submatrix(all, kept)
  const isRepaired =
    included.some(({ column }) => column.standardized === null) && !isPositiveSemidefinite(raw)
  const matrix = isRepaired ? clipEigenvalues(raw) : raw
  return available({
    symbols: included.map(({ holding }) => holding.symbol),
    matrix: strictUpperTriangle(matrix),
    overallCorrelation: meanOffDiagonal(matrix),
    effectivePositions: effectivePositions(
      matrix,
      included.map(({ holding }) => holding.net),
    ),
    excluded: exclusions(bySymbol, holdings, { selected, included }),
    observations: Math.min(...included.map(({ column }) => column.observations)),
    isRepaired,
  })
}

interface KnownHolding {
  readonly holding: SymbolDollars
  readonly column: ReturnColumn
}

/** Correlations of all pairs, 1 on the diagonal. */
export function correlationMatrix(columns: readonly ReturnColumn[]): SquareMatrix {
  const size = columns.length
  const values = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    values[i * size + i] = 1
    for (let j = i + 1; j < size; j++) {
      const rho = pairCorrelation(columns[i] as ReturnColumn, columns[j] as ReturnColumn)
      values[i * size + j] = rho
      values[j * size + i] = rho
    }
  }
  return { size, values }
}

function submatrix({ size, values }: SquareMatrix, kept: readonly number[]): SquareMatrix {
  if (kept.length === size) return { size, values }
  return {
    size: kept.length,
    values: Float64Array.from(kept.flatMap((i) => kept.map((j) => values[i * size + j] as number))),
  }
}

function strictUpperTriangle({ size, values }: SquareMatrix): Float32Array {
  const triangle = new Float32Array((size * (size - 1)) / 2)
  let next = 0
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) triangle[next++] = values[i * size + j] as number
  }
  return triangle
}

function meanOffDiagonal({ size, values }: SquareMatrix): number | null {
  if (size < 2) return null
  const sum = values.reduce((total, value) => total + value, 0)
  return (sum - size) / (size * (size - 1))
}

function effectivePositions({ size, values }: SquareMatrix, nets: readonly number[]) {
  const gross = nets.reduce((sum, net) => sum + Math.abs(net), 0)
  let risk = 0
  for (const [i, a] of nets.entries()) {
    for (const [j, b] of nets.entries()) {
      risk += (a / gross) * (b / gross) * (values[i * size + j] as number)
    }
  }
  return risk < SMALLEST_RISK ? null : 1 / risk
}

interface Stages {
  readonly selected: readonly SymbolDollars[]
  readonly included: readonly KnownHolding[]
}

function exclusions(
  columns: ReturnColumns['bySymbol'],
  holdings: readonly SymbolDollars[],
  { selected, included }: Stages,
): PortfolioCorrelation['excluded'] {
  const isIn = new Set(included.map(({ holding }) => holding.symbol))
  return holdings
    .filter(({ symbol }) => !isIn.has(symbol))
    .map((holding) => {
      const { symbol } = holding
      if (!selected.includes(holding)) return { symbol, reason: 'below_threshold' }
      const column = columns.get(symbol)
      if (column === undefined || column.observations === 0) return { symbol, reason: 'no_returns' }
      return { symbol, reason: column.isConstant ? 'constant_returns' : 'few_common_returns' }
    })
}
