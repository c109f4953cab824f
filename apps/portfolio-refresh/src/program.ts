import {
  planPortfolioRun,
  portfolioPhaseNames,
  runPortfolioRefresh,
  selectDates,
  selectPhases,
  type PortfolioRunEnvironment,
  type RunRequest,
} from '@sigmasight/core/batch'
import {
  renderPortfolioPlan,
  runBatchProgram,
  type BatchProgram,
} from '@sigmasight/core/batch-program'
import type { CliContext } from '@sigmasight/core/cli'
import { providerOrder } from '@sigmasight/core/config'
import type { Args } from './args.ts'

const LEGACY_MODE = {
  status: 'skipped',
  reason: 'v2_disabled',
  message: 'BATCH_V2_ENABLED is not true: symbol-batch does the portfolios too',
} as const

/** Runs what the command line asks for. */
export function runProgram(args: Args, context: CliContext): Promise<number> {
  const environmentOf = ({ config, environment }: BatchProgram): PortfolioRunEnvironment => ({
    ...environment,
    settings: { ...config, hasOptionPrices: providerOrder(config).options.length > 0 },
    timeoutSecondsPerDate: config.portfolioRefreshTimeoutSeconds,
    wait: {
      maxMinutes: args.wait ? args.maxWaitMinutes : 0,
      pollSeconds: config.symbolBatchPollSeconds,
    },
  })
  return runBatchProgram(
    {
      name: 'portfolio-refresh',
      refuse: ({ batchV2Enabled }) => (batchV2Enabled ? null : LEGACY_MODE),
      prepare: (program) => toRunRequest(args, program),
      plan: async (program, request) =>
        renderPortfolioPlan(await planPortfolioRun(environmentOf(program), request)),
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
    retryFailedPhases: args.retryFailedPhases,
    maxCatchup: args.maxCatchup,
    chunkDays: args.chunkDays ?? null,
    fromInception: args.fromInception,
    ...(args.runId === undefined ? {} : { batchRunId: args.runId }),
    scope: portfolioId === undefined ? { kind: 'universe' } : { kind: 'portfolio', portfolioId },
    phases: selectPhases(args.phase, portfolioPhaseNames()),
  }
}
