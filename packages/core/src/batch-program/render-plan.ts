import type { PortfolioRunPlan, SymbolRunPlan } from '../batch/index.ts'

const LISTED = 40

/** What a run of the symbol layer would do, as `--dry-run` prints it. */
export function renderSymbolPlan(plan: SymbolRunPlan): string {
  const lines = [
    `target      ${plan.target}`,
    `dates       ${renderList(plan.dates)}`,
    ...(plan.cut.length > 0 ? [`left out    ${renderList(plan.cut)} (--max-catchup)`] : []),
    `phases      ${renderPhases(plan.phases)}`,
    `symbols     ${renderList(plan.symbols)}`,
    `history     from ${plan.windowStart ?? '-'}`,
    `requests    bars of ${plan.requests} symbols, profiles of ${plan.profiles}, statements of ${plan.statements}`,
    ...plan.calls.map(({ provider, calls }) => `calls       ${provider}: ${calls}`),
  ]
  return `${lines.join('\n')}\n`
}

/** What a run of the portfolio layer would do, as `--dry-run` prints it. */
export function renderPortfolioPlan(plan: PortfolioRunPlan): string {
  const lines = [
    `target      ${plan.target}`,
    `dates       ${renderList(plan.dates)}`,
    ...(plan.cut.length > 0 ? [`left out    ${renderList(plan.cut)} (--max-catchup)`] : []),
    ...plan.alerts.map((alert) => `alert       ${alert}`),
    `phases      ${renderPhases(plan.phases)}`,
    `portfolios  ${renderList(plan.portfolios.map(({ name, sessions }) => `${name} (${sessions})`))}`,
  ]
  return `${lines.join('\n')}\n`
}

/** `3: a b c`, shortened when there are many. */
function renderList(values: readonly string[]): string {
  const shown = values.slice(0, LISTED).join(' ')
  const more = values.length > LISTED ? ` and ${values.length - LISTED} more` : ''
  return values.length === 0 ? '0' : `${values.length}: ${shown}${more}`
}

/** The phases of a plan in one line, critical ones marked. */
function renderPhases(
  phases: readonly { readonly name: string; readonly critical: boolean }[],
): string {
  const names = phases.map(({ name, critical }) => (critical ? `${name}*` : name))
  return `${names.join(', ')}  (* critical)`
}
