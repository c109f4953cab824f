import { effectiveDate } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { PortfolioRunEnvironment } from './batch-environment.ts'
import { noteRepaired } from './note-repaired.ts'
import { portfolioLayer } from './portfolio-layer.ts'
import type { RunResult } from './result.ts'
import { runBatch } from './run-batch.ts'
import type { RunRequest } from './run-request.ts'
import { runnable } from './runnable-layer.ts'

/** Runs the portfolio layer for what a request names. No provider is called. */
export async function runPortfolioRefresh(
  environment: PortfolioRunEnvironment,
  request: RunRequest,
): Promise<RunResult> {
  const layer = portfolioLayer(environment, request)
  const result = await runBatch(environment, [runnable(layer)], request)
  await noteRepaired(environment, result, layer.failed())
  return result
}

/** What a run would do; nothing is written. */
export interface PortfolioRunPlan {
  readonly target: SessionDate
  readonly dates: readonly SessionDate[]
  readonly cut: readonly SessionDate[]
  readonly alerts: readonly string[]
  /** Each portfolio with the number of its sessions. */
  readonly portfolios: readonly { readonly name: string; readonly sessions: number }[]
  readonly phases: readonly { readonly name: string; readonly critical: boolean }[]
}

/** Makes the plan of a run for `--dry-run`. */
export async function planPortfolioRun(
  environment: PortfolioRunEnvironment,
  request: RunRequest,
): Promise<PortfolioRunPlan> {
  const layer = portfolioLayer(environment, request)
  const effective = effectiveDate(environment.clock.now(), environment.settleMinutes)
  const plan = await layer.plan(request, effective)
  const portfolios = layer
    .planned()
    .map(({ name, sessions }) => ({ name, sessions: sessions.length }))
  const phases = layer.phases.filter(({ name }) => request.phases?.includes(name) ?? true)
  return { ...plan, portfolios, phases }
}
