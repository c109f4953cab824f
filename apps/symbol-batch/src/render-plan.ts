import type { SymbolRunPlan } from '@sigmasight/core/batch'

/** The plan of a run as `--dry-run` prints it. */
export function renderPlan(plan: SymbolRunPlan): string {
  const lines = [
    `target      ${plan.target}`,
    `dates       ${list(plan.dates)}`,
    ...(plan.cut.length > 0 ? [`left out    ${list(plan.cut)} (--max-catchup)`] : []),
    `phases      ${plan.phases.map(({ name, critical }) => (critical ? `${name}*` : name)).join(', ')}  (* critical)`,
    `symbols     ${list(plan.symbols)}`,
    `history     from ${plan.windowStart ?? '-'}`,
    `requests    ${plan.requests} symbols to ask for`,
    ...plan.calls.map(({ provider, calls }) => `calls       ${provider}: ${calls}`),
    'portfolios  none (symbol layer)',
    'Nothing was written.',
  ]
  return `${lines.join('\n')}\n`
}

const LISTED = 40

function list(values: readonly string[]): string {
  const shown = values.slice(0, LISTED).join(' ')
  const more = values.length > LISTED ? ` and ${values.length - LISTED} more` : ''
  return `${values.length}${values.length > 0 ? `: ${shown}${more}` : ''}`
}
