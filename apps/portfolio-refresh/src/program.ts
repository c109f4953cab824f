import {
  planPortfolioRun,
  portfolioPhaseNames,
  runPortfolioRefresh,
  selectDates,
  selectPhases,
  type PortfolioRunEnvironment,
  type PortfolioRunPlan,
  type RunRequest,
} from '@sigmasight/core/batch'
import {
  renderList,
  renderPhases,
  runBatchProgram,
  type BatchProgram,
} from '@sigmasight/core/batch-program'
import type { CliContext } from '@sigmasight/core/cli'
import type { Args } from './args.ts'

/** Runs what the command line asks for. */
export function runProgram(args: Args, context: CliContext): Promise<number> {
  const environmentOf = ({ config, environment }: BatchProgram): PortfolioRunEnvironment => ({
    ...environment,
    timeoutSecondsPerDate: config.portfolioRefreshTimeoutSeconds,
    wait: {
      maxMinutes: args.wait ? args.maxWaitMinutes : 0,
      pollSeconds: config.symbolBatchPollSeconds,
    },
  })
  return runBatchProgram<RunRequest>(
    {
      name: 'portfolio-refresh',
      prepare: (program) => toRunRequest(args, program),
      plan: async (program, request) =>
        renderPlan(await planPortfolioRun(environmentOf(program), request)),
      run: (program, request) => runPortfolioRefresh(environmentOf(program), request),
    },
    args,
    context,
  )
}

function toRunRequest(
  args: Args,
  { effectiveDate, triggeredBy }: Pick<BatchProgram, 'effectiveDate' | 'triggeredBy'>,
): RunRequest {
  const { portfolioId } = args
  return {
    jobType: 'portfolio_refresh',
    mode: 'v2',
    source: args.source,
    triggeredBy,
    dates: selectDates(args, effectiveDate),
    reprocess: args.reprocess,
    force: args.force,
    maxCatchup: args.maxCatchup,
    chunkDays: args.chunkDays ?? null,
    fromInception: args.fromInception,
    scope: portfolioId === undefined ? { kind: 'universe' } : { kind: 'portfolio', portfolioId },
    phases: selectPhases(args.phase, portfolioPhaseNames()),
  }
}

function renderPlan(plan: PortfolioRunPlan): string {
  const lines = [
    `target      ${plan.target}`,
    `dates       ${renderList(plan.dates)}`,
    ...(plan.cut.length > 0 ? [`left out    ${renderList(plan.cut)} (--max-catchup)`] : []),
    ...plan.alerts.map((alert) => `alert       ${alert}`),
    `phases      ${renderPhases(plan.phases)}`,
    `portfolios  ${renderList(plan.portfolios.map(({ name, sessions }) => `${name} (${sessions})`))}`,
    'calls       none: portfolio-refresh asks no provider',
    'Nothing was written.',
  ]
  return `${lines.join('\n')}\n`
}
