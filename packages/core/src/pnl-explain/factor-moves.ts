import type { SessionDate } from '../calendar/iso-date.ts'
import type { ReturnPanel } from '../returns/index.ts'
import type { JointModel } from '../stress/index.ts'

/**
 * What the factors of a model did on a session: the market's return s, and each other proxy's return
 * beyond it, r − γ·s.
 *
 * Missing data: null when the session is not in the panel or a proxy has no return on it.
 *
 * @param model of the previous session
 */
export function factorMoves(
  { factors }: Pick<JointModel, 'factors'>,
  returns: ReturnPanel,
  session: SessionDate,
): Float64Array | null {
  const column = returns.sessions.indexOf(session)
  const returnOf = (symbol: string): number => {
    const row = returns.symbols.findIndex((name) => name === symbol)
    return row === -1 ? NaN : (returns.values[row * returns.sessions.length + column] ?? NaN)
  }
  const proxies = Float64Array.from(factors, ({ proxy }) => returnOf(proxy))
  const market = proxies[0] ?? NaN
  const moves = proxies.map((value, k) =>
    k === 0 ? value : value - (factors[k]?.marketBeta ?? NaN) * market,
  )
  return column === -1 || moves.some(Number.isNaN) ? null : moves
}
