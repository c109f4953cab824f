import {
  planSymbolRun,
  runSymbolBatch,
  type RunRequest,
  type SymbolRunEnvironment,
} from '@sigmasight/core/batch'
import { runBatchProgram, type BatchProgram } from '@sigmasight/core/batch-program'
import type { CliContext } from '@sigmasight/core/cli'
import { requirePriceProviders } from '@sigmasight/core/config'
import { createProviders, type ProviderChain } from '@sigmasight/core/market-data'
import type { Args } from './args.ts'
import { renderPlan } from './render-plan.ts'
import { toRunRequest } from './request.ts'

interface Prepared {
  readonly request: RunRequest
  readonly chain: ProviderChain
}

/** Runs what the command line asks for. */
export function runProgram(args: Args, context: CliContext): Promise<number> {
  return runBatchProgram<Prepared>(
    {
      name: 'symbol-batch',
      prepare: ({ config, log, effectiveDate, triggeredBy }) => {
        const isV2 = config.batchV2Enabled
        const request = toRunRequest(args, { effectiveDate, isV2, triggeredBy })
        log.info({ mode: request.mode, job_type: request.jobType }, 'batch_mode')
        const names = requirePriceProviders(config)
        const { priceFilePath } = config
        const { skipBadRows } = args
        return { request, chain: createProviders({ names, priceFilePath, skipBadRows }, log) }
      },
      plan: async (program, { request, chain }) =>
        renderPlan(await planSymbolRun(environmentOf(program, chain), request)),
      run: (program, { request, chain }) => runSymbolBatch(environmentOf(program, chain), request),
    },
    args,
    context,
  )
}

function environmentOf(
  { config, environment }: BatchProgram,
  chain: ProviderChain,
): SymbolRunEnvironment {
  return { ...environment, chain, settings: config }
}
