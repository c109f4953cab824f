import type { ReturnPanel } from '../returns/index.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { FactorDefinition } from './definition.ts'
import type { MissingProxy } from './factor-result.ts'

/** The sessions of a regression as a stretch of a return panel: columns `start`..`start + length − 1`. */
export interface ReturnWindow {
  readonly returns: ReturnPanel
  readonly rowOf: ReadonlyMap<Ticker, number>
  readonly start: number
  readonly length: number
}

/** The regressors of a regression over its window; NaN where a proxy has no return. */
export interface ProxyColumns {
  readonly columns: readonly Float64Array[]
  /** Positions in the window at which every column has a value. */
  readonly usable: Int32Array
  /** Proxies with fewer returns than their factor asks for; the columns are then of no use. */
  readonly missing: readonly MissingProxy[]
}

/** Reads the regressors of the factors: the proxy's returns, for a spread the long leg's less the short leg's. */
export function proxyColumns(
  window: ReturnWindow,
  factors: readonly FactorDefinition[],
): ProxyColumns {
  const missing: MissingProxy[] = []
  const columns = factors.map((factor) => {
    const legs = legsOf(factor).map((proxy) => {
      const values = windowOf(window, proxy)
      const observations = values.reduce(
        (count, value) => count + Number(Number.isFinite(value)),
        0,
      )
      if (observations < factor.minObservations) {
        missing.push({ factor: factor.name, proxy, observations })
      }
      return values
    })
    return legs.reduce((long, short) => long.map((value, t) => value - (short[t] as number)))
  })
  const usable = Int32Array.from({ length: window.length }, (_, t) => t).filter((t) =>
    columns.every((column) => Number.isFinite(column[t])),
  )
  return { columns, usable, missing }
}

function legsOf({ calculationMethod, etfProxy, shortProxy }: FactorDefinition) {
  return calculationMethod === 'spread_regression' ? [etfProxy, shortProxy] : [etfProxy]
}

/** The returns of a symbol over the window; all NaN for a symbol that the panel does not hold. */
function windowOf({ returns, rowOf, start, length }: ReturnWindow, symbol: Ticker | null) {
  const row = symbol === null ? undefined : rowOf.get(symbol)
  if (row === undefined) return new Float64Array(length).fill(NaN)
  const first = row * returns.sessions.length + start
  return returns.values.subarray(first, first + length)
}
