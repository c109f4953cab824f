import {
  collinearity,
  fitCentred,
  prepareDesign,
  type DesignRefusal,
  type PreparedDesign,
} from '../regression/index.ts'
import { EstimateTable } from './estimate-table.ts'
import type {
  FactorEstimates,
  JointDiagnostics,
  MissingProxy,
  SkipReason,
} from './factor-result.ts'
import type { PlannedRegression } from './plan-regressions.ts'
import { proxyColumns, type ReturnWindow } from './proxy-columns.ts'
import type { RowGroup, RowGroups } from './row-groups.ts'
import type { SkipTally } from './skip-tally.ts'

/** Share of the window that must be there for a history to count as full. */
const FULL_HISTORY = 0.95

const REASON_OF: Readonly<Record<DesignRefusal, SkipReason>> = {
  too_few_rows: 'insufficient_data',
  constant_column: 'constant_proxy',
  collinear_columns: 'collinear_proxies',
}

export interface RegressionProblem {
  readonly regression: PlannedRegression
  readonly window: ReturnWindow
  /** Where each symbol's window starts in the panel's values. */
  readonly starts: Int32Array
  readonly groups: RowGroups
  readonly skips: SkipTally
}

export interface RegressionResult {
  readonly estimates: readonly FactorEstimates[]
  readonly missingProxies: readonly MissingProxy[]
  /** Null for a regression on one proxy, and when there is no regression. */
  readonly diagnostics: JointDiagnostics | null
}

/**
 * Estimates the factors of one regression for all symbols on one date, one decomposition for each
 * set of usable rows.
 */
export function runRegression(problem: RegressionProblem): RegressionResult {
  const { regression, window, starts, groups, skips } = problem
  const { factors } = regression
  const tables = factors.map((factor) => new EstimateTable(factor, regression, starts.length))
  const { columns, usable, missing } = proxyColumns(window, factors)
  if (missing.length > 0) {
    const observations = Math.min(...missing.map((proxy) => proxy.observations))
    skips.add(factors, { reason: 'proxy_missing', observations, symbols: starts.length })
    return { estimates: tables, missingProxies: missing, diagnostics: null }
  }

  const prepare = (rows: Int32Array) =>
    prepareDesign(
      columns.map((column) => valuesAt(column, rows)),
      regression.alpha,
    )
  const shared = prepare(usable)
  for (const group of groups.of(usable)) {
    estimateGroup(problem, tables, {
      ...group,
      prepared: group.usable.length === usable.length ? shared : prepare(group.usable),
    })
  }
  return {
    estimates: tables,
    missingProxies: [],
    diagnostics: diagnosticsOf(regression, shared),
  }
}

function valuesAt(column: Float64Array, rows: Int32Array): Float64Array {
  const values = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) values[i] = column[rows[i] as number] as number
  return values
}

interface PreparedGroup extends RowGroup {
  readonly prepared: PreparedDesign
}

function estimateGroup(
  { regression, skips }: RegressionProblem,
  tables: readonly EstimateTable[],
  { usable, members, outputs, prepared }: PreparedGroup,
): void {
  const { factors, windowDays } = regression
  const observations = usable.length
  const enough = tables.filter(({ definition }) => observations >= definition.minObservations)
  const tooFew = factors.filter(({ minObservations }) => observations < minObservations)
  const skipped = { observations, symbols: members.length }
  skips.add(tooFew, { ...skipped, reason: 'insufficient_data' })
  if (enough.length === 0) return
  if (!prepared.ok) {
    const refused = enough.map(({ definition }) => definition)
    skips.add(refused, { ...skipped, reason: REASON_OF[prepared.reason] })
    return
  }
  const fits = fitCentred(prepared.design, outputs)
  const history =
    observations >= FULL_HISTORY * windowDays
      ? ('full_history' as const)
      : ('limited_history' as const)
  for (const [j, table] of tables.entries()) {
    if (!enough.includes(table)) continue
    for (const [output, member] of members.entries()) {
      const entry = output * tables.length + j
      table.set(member, {
        beta: fits.beta[entry] as number,
        stdError: fits.stdError[entry] as number,
        tStat: fits.tStat[entry] as number,
        rSquared: fits.rSquared[output] as number,
        observations,
        history,
      })
    }
  }
}

function diagnosticsOf(
  { factors, windowDays }: PlannedRegression,
  prepared: PreparedDesign,
): JointDiagnostics | null {
  if (factors.length === 1 || !prepared.ok) return null
  return {
    windowDays,
    proxies: factors.map(({ etfProxy }) => etfProxy).filter((proxy) => proxy !== null),
    observations: prepared.design.observations,
    ...collinearity(prepared.design),
  }
}
