import type { ReturnPanel } from '../returns/index.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { FactorDefinition } from './definition.ts'
import type { FactorEstimates, FactorResult } from './factor-result.ts'
import { planRegressions } from './plan-regressions.ts'
import { providerEstimates } from './provider-estimates.ts'
import type { ReturnWindow } from './proxy-columns.ts'
import { RowGroups } from './row-groups.ts'
import { runRegression } from './run-regression.ts'
import { SkipTally } from './skip-tally.ts'

export interface FactorInputs {
  /** Must hold the proxies, and reach back as far as the longest window for full histories. */
  readonly returns: ReturnPanel
  /** Column of the calculation date in the panel. */
  readonly sessionIndex: number
  /** Inactive ones are ignored. */
  readonly definitions: readonly FactorDefinition[]
  /** The betas that company profiles state. */
  readonly providerBetas: ReadonlyMap<Ticker, number>
  /** The symbols to estimate; all of the panel by default. */
  readonly symbols?: readonly Ticker[]
}

/**
 * Computes every active factor of every symbol for one date.
 *
 * The window of a factor is the last `windowDays` sessions ending at the date. Rows on which the
 * symbol or a proxy of its regression has no return are dropped for that regression. Fewer rows than
 * the factor's minimum: no value, reason `insufficient_data`. A proxy that itself has fewer: no value
 * of that regression for anybody, reason `proxy_missing`, the other regressions go on.
 *
 * A symbol's numbers depend on its own returns and the proxies' within the window and on nothing
 * else, to the last bit: a backfill equals daily runs, a scoped run equals the full one.
 *
 * Example: a symbol that always returns 1.5 times SPY has a market beta of 1.5, standard error 0, R² 1.
 *
 * @throws RangeError when the date is not a column of the panel
 */
export function computeFactors(inputs: FactorInputs): FactorResult {
  const { returns, sessionIndex, providerBetas, symbols = returns.symbols } = inputs
  if (returns.sessions[sessionIndex] === undefined) {
    throw new RangeError(`The panel has no session ${sessionIndex}`)
  }
  const active = inputs.definitions.filter(({ isActive }) => isActive)
  const skips = new SkipTally()
  const byWindow = Map.groupBy(planRegressions(active), ({ windowDays }) => windowDays)
  const results = [...byWindow].flatMap(([windowDays, regressions]) => {
    const window = windowEndingAt(inputs, windowDays)
    const starts = startsIn(window, symbols)
    const groups = new RowGroups(returns.values, starts)
    return regressions.map((regression) =>
      runRegression({ regression, window, starts, groups, skips }),
    )
  })
  const provided = active
    .filter(({ calculationMethod }) => calculationMethod === 'provider')
    .map((definition) => providerEstimates(definition, symbols, providerBetas, skips))
  return {
    symbols,
    estimates: inOrder(active, [...results.flatMap(({ estimates }) => estimates), ...provided]),
    skipped: skips.counts(),
    missingProxies: results.flatMap(({ missingProxies }) => missingProxies),
    diagnostics: results.map(({ diagnostics }) => diagnostics).filter((entry) => entry !== null),
  }
}

function windowEndingAt({ returns, sessionIndex }: FactorInputs, sessions: number): ReturnWindow {
  const rowOf = new Map(returns.symbols.map((symbol, row) => [symbol, row]))
  const start = Math.max(0, sessionIndex + 1 - sessions)
  return { returns, rowOf, start, length: sessionIndex + 1 - start }
}

/** Where each symbol's window starts in the panel's values; beyond their end for symbols not in the panel. */
function startsIn({ returns, rowOf, start }: ReturnWindow, symbols: readonly Ticker[]): Int32Array {
  const beyond = returns.symbols.length
  return Int32Array.from(
    symbols,
    (symbol) => (rowOf.get(symbol) ?? beyond) * returns.sessions.length + start,
  )
}

function inOrder(
  definitions: readonly FactorDefinition[],
  estimates: readonly FactorEstimates[],
): readonly FactorEstimates[] {
  const byDefinition = new Map(estimates.map((entry) => [entry.definition, entry]))
  return definitions.map((definition) => byDefinition.get(definition) as FactorEstimates)
}
