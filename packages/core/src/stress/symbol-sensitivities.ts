import { RowGroups } from '../factors/row-groups.ts'
import { MIN_SYMBOL_RETURNS } from '../portfolio-returns/holdings-returns.ts'
import { fitMany, prepareDesign } from '../regression/index.ts'
import type { ReturnPanel } from '../returns/index.ts'
import type { Ticker } from '../symbols/ticker.ts'
import { INTEREST_RATE } from './joint-factors.ts'
import type { JointModel } from './joint-model.ts'

/** Penalty of the joint regression on the residuals, as of the style factors. */
const RIDGE_ALPHA = 1

/** What one dollar of a symbol gains per unit of each factor's move z, in the order of the model. */
export interface Sensitivity {
  /** The market β by least squares, then b by ridge. */
  readonly coefficients: Float64Array
  readonly stdErrors: Float64Array
  /** Least-squares slope on the rate proxy's returns themselves; NaN without one in the model. */
  readonly rateBeta: number
  readonly rateStdError: number
}

/** Symbols without enough returns are absent. */
export type SymbolSensitivities = ReadonlyMap<Ticker, Sensitivity>

/**
 * The linear map from a symbol's returns to its sensitivities, applied once per date to every symbol: β by
 * least squares on the market's return over 90 sessions, then b by ridge (α = 1, standardised columns) of
 * its residual on the other factors' residuals; and the slope on the rate proxy for shocks to rates alone.
 *
 * It is applied to symbols and not to each portfolio's return series because it is linear: where no return
 * is missing both give the same numbers, a portfolio's being the sum over what it holds. Where some are,
 * a series would lose the session for everything else held, and two portfolios merged would no longer be
 * their sum.
 *
 * Missing data: sessions on which the symbol or a regressor has no return are left out of that regression;
 * a symbol with fewer than 63 left is absent.
 *
 * @param sessionIndex column of the date in the panel, the same as the model's
 */
export function symbolSensitivities(
  returns: ReturnPanel,
  sessionIndex: number,
  model: JointModel,
): SymbolSensitivities {
  const [market, ...others] = model.factors
  if (market === undefined) return new Map()
  const sessions = market.moves.length
  const start = sessionIndex + 1 - sessions
  const stride = returns.sessions.length
  const starts = Int32Array.from(returns.symbols, (_, row) => row * stride + start)
  const problem: Problem = { returns, starts, groups: new RowGroups(returns.values, starts) }

  const onMarket = fitAll(problem, [market.moves], { alpha: 0 })
  const residualColumns = others.map(({ moves }) => moves)
  const onResiduals = fitAll(problem, residualColumns, {
    alpha: RIDGE_ALPHA,
    less: { column: market.moves, slopes: onMarket },
  })
  const rateRow = returns.symbols.findIndex(
    (symbol) => symbol === others.find(({ name }) => name === INTEREST_RATE)?.proxy,
  )
  const rateColumn = returns.values.subarray(rateRow * stride + start).subarray(0, sessions)
  const onRate = rateRow === -1 ? [] : fitAll(problem, [rateColumn], { alpha: 0 })

  const entries = returns.symbols.flatMap((symbol, row): readonly [Ticker, Sensitivity][] => {
    const [first, rest, rate] = [onMarket[row], onResiduals[row], onRate[row]]
    if (first === undefined || (rest === undefined && others.length > 0)) return []
    return [
      [
        symbol,
        {
          coefficients: Float64Array.of(...first.beta, ...(rest?.beta ?? [])),
          stdErrors: Float64Array.of(...first.stdError, ...(rest?.stdError ?? [])),
          rateBeta: rate?.beta[0] ?? NaN,
          rateStdError: rate?.stdError[0] ?? NaN,
        },
      ],
    ]
  })
  return new Map(entries)
}

interface Problem {
  readonly returns: ReturnPanel
  readonly starts: Int32Array
  readonly groups: RowGroups
}

/** The fit of one symbol on k columns. */
interface SymbolFit {
  readonly beta: Float64Array
  readonly stdError: Float64Array
}

interface FitOptions {
  readonly alpha: number
  /** What is taken off the symbols' returns first: the column times each symbol's slope on it. */
  readonly less?: {
    readonly column: Float64Array
    readonly slopes: readonly (SymbolFit | undefined)[]
  }
}

/** Fits every symbol; entry i is undefined when symbol i has too few rows. */
function fitAll(
  { returns, starts, groups }: Problem,
  columns: readonly Float64Array[],
  { alpha, less }: FitOptions,
): (SymbolFit | undefined)[] {
  const found = new Array<SymbolFit | undefined>(starts.length)
  if (columns.length === 0) return found
  const usable = Int32Array.from((columns[0] as Float64Array).keys()).filter((t) =>
    columns.every((column) => !Number.isNaN(column[t])),
  )
  for (const group of groups.of(usable)) {
    const rows = group.usable
    const members = group.members.filter(
      (member) => less === undefined || less.slopes[member] !== undefined,
    )
    if (rows.length < MIN_SYMBOL_RETURNS || members.length === 0) continue
    const valuesAt = (column: Float64Array) => Float64Array.from(rows, (t) => column[t] as number)
    const prepared = prepareDesign(columns.map(valuesAt), alpha)
    if (!prepared.ok) continue
    const outputs = new Float64Array(members.length * rows.length)
    for (const [output, member] of members.entries()) {
      const slope = less?.slopes[member]?.beta[0] ?? 0
      for (const [i, t] of rows.entries()) {
        const value = returns.values[(starts[member] as number) + t] as number
        const taken = less === undefined ? 0 : slope * (less.column[t] as number)
        outputs[output * rows.length + i] = value - taken
      }
    }
    const fits = fitMany(prepared.design, {
      values: outputs,
      starts: Int32Array.from(members, (_, output) => output * rows.length),
      rows: Int32Array.from(rows.keys()),
    })
    const k = columns.length
    for (const [output, member] of members.entries()) {
      found[member] = {
        beta: fits.beta.slice(output * k, (output + 1) * k),
        stdError: fits.stdError.slice(output * k, (output + 1) * k),
      }
    }
  }
  return found
}
