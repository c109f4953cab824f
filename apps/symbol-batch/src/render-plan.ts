import type { SymbolRunPlan } from '@sigmasight/core/batch'
import { renderList, renderPhases } from '@sigmasight/core/batch-program'

/** The plan of a run as `--dry-run` prints it. */
export function renderPlan(plan: SymbolRunPlan): string {
  const lines = [
    `target      ${plan.target}`,
    `dates       ${renderList(plan.dates)}`,
    ...(plan.cut.length > 0 ? [`left out    ${renderList(plan.cut)} (--max-catchup)`] : []),
    `phases      ${renderPhases(plan.phases)}`,
    `symbols     ${renderList(plan.symbols)}`,
    `history     from ${plan.windowStart ?? '-'}`,
    `requests    ${plan.requests} symbols to ask for`,
    ...plan.calls.map(({ provider, calls }) => `calls       ${provider}: ${calls}`),
    'portfolios  none (symbol layer)',
    'Nothing was written.',
  ]
  return `${lines.join('\n')}\n`
}
