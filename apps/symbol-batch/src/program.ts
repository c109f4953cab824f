import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  planPortfolioRun,
  planSymbolRun,
  runLegacyBatch,
  runSymbolBatch,
  type LegacyRunEnvironment,
} from '@sigmasight/core/batch'
import {
  renderPortfolioPlan,
  renderSymbolPlan,
  runBatchProgram,
  type BatchProgram,
} from '@sigmasight/core/batch-program'
import type { CliContext } from '@sigmasight/core/cli'
import { providerOrder } from '@sigmasight/core/config'
import { createProviders } from '@sigmasight/core/market-data'
import type { Args } from './args.ts'
import { toRunRequest } from './request.ts'

const V2_MODE = {
  status: 'failed',
  reason: 'v2_enabled',
  message: 'symbol-batch legacy: BATCH_V2_ENABLED is true, and the two modes exclude each other',
} as const

/** Runs what the command line asks for. */
export function runProgram(args: Args, context: CliContext): Promise<number> {
  return runBatchProgram(
    {
      name: 'symbol-batch',
      refuse: ({ batchV2Enabled }) => (args.legacy && batchV2Enabled ? V2_MODE : null),
      prepare: ({ config, log, effectiveDate, triggeredBy }) => {
        const isV2 = config.batchV2Enabled
        const request = toRunRequest(args, { effectiveDate, isV2, triggeredBy })
        log.info({ mode: request.mode, job_type: request.jobType }, 'batch_mode')
        return request
      },
      plan: async (program, request) => {
        const environment = await environmentOf(args, program)
        const symbols = renderSymbolPlan(await planSymbolRun(environment, request))
        if (request.mode === 'v2' || request.scope.kind === 'symbols') return symbols
        return symbols + renderPortfolioPlan(await planPortfolioRun(environment, request))
      },
      run: async (program, request) => {
        const environment = await environmentOf(args, program)
        return request.mode === 'v2'
          ? runSymbolBatch(environment, request)
          : runLegacyBatch(environment, request)
      },
    },
    args,
    context,
  )
}

async function environmentOf(
  { skipBadRows }: Args,
  { config, environment, log }: BatchProgram,
): Promise<LegacyRunEnvironment> {
  const settings = { ...config, order: providerOrder(config), skipBadRows }
  const chain = await createProviders(settings, {
    database: environment.database,
    clock: environment.clock,
    log: log.child({ module: 'market_data' }),
    fetch,
    now: () => performance.now(),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    random: () => randomInt(2 ** 32) / 2 ** 32,
  })
  // The combined batch makes its prices itself, so there is nothing to wait for.
  const wait = { maxMinutes: 0, pollSeconds: config.symbolBatchPollSeconds }
  const hasOptionPrices = providerOrder(config).options.length > 0
  return { ...environment, chain, settings: { ...config, hasOptionPrices }, wait }
}
