import { writeFile } from 'node:fs/promises'
import { planSymbolRun, runSymbolBatch, type RunResult } from '@sigmasight/core/batch'
import { effectiveDate } from '@sigmasight/core/calendar'
import { createProgress, ExitCode, type CliContext } from '@sigmasight/core/cli'
import { clockOf, loadConfig, requirePriceProviders, type Config } from '@sigmasight/core/config'
import { assertSchemaCurrent, connect, lockUrlOf } from '@sigmasight/core/database'
import { createLogger } from '@sigmasight/core/logging'
import { createProviders } from '@sigmasight/core/market-data'
import type { Args } from './args.ts'
import { renderPlan } from './render-plan.ts'
import { renderResult } from './render-result.ts'
import { toRunRequest } from './request.ts'

/** Composes the program from the environment, runs what the command line asks for, and disposes of everything. */
export async function runProgram(args: Args, context: CliContext): Promise<number> {
  const { env, signal, stderr, stdout } = context
  const config = loadConfig(env)
  const clock = clockOf(config)
  const request = toRunRequest(args, {
    effectiveDate: effectiveDate(clock.now(), config.marketSettleMinutes),
    isV2: config.batchV2Enabled,
    triggeredBy: env['USER'] ?? 'unknown',
  })
  await using log = await createLogger(loggerOptions(args, config, context))
  const names = requirePriceProviders(config)
  const { priceFilePath } = config
  const chain = createProviders({ names, priceFilePath, skipBadRows: args.skipBadRows }, log)
  await using database = await connect(config, { applicationName: 'symbol-batch' })
  await using history = await connect(config, {
    applicationName: 'symbol-batch-history',
    poolMax: 1,
  })
  await assertSchemaCurrent(database.db)
  using observer = await createProgress({
    stream: stderr,
    enabled: isOnTerminal(args, context),
    log,
  })
  const environment = {
    database,
    history,
    lockUrl: await lockUrlOf(config),
    chain,
    clock,
    log: log.child({ module: 'batch' }),
    signal,
    observer,
    settings: config,
    settleMinutes: config.marketSettleMinutes,
    timeoutSecondsPerDate: config.symbolBatchTimeoutSeconds,
  }
  if (args.dryRun) {
    stdout.write(renderPlan(await planSymbolRun(environment, request)))
    return ExitCode.done
  }
  log.info({ mode: request.mode, job_type: request.jobType }, 'batch_mode')
  const result = await runSymbolBatch(environment, request)
  await report(result, args, context)
  return exitCodeOf(result, signal)
}

function isOnTerminal(args: Args, { stderr }: CliContext): boolean {
  return stderr.isTTY && !args.quiet && !args.logJson
}

function loggerOptions(args: Args, config: Config, context: CliContext) {
  return {
    environment: config.environment,
    level: config.logLevel,
    file: args.logFile ?? config.logFile,
    json: args.logJson,
    // On a terminal the progress lines tell the same, and would be torn by others in between.
    quiet: args.quiet || isOnTerminal(args, context),
    destination: args.summaryJson === true ? ('stderr' as const) : ('stdout' as const),
  }
}

async function report(result: RunResult, args: Args, context: CliContext): Promise<void> {
  const json = `${JSON.stringify(result, null, 2)}\n`
  if (args.summaryJson === true) context.stdout.write(json)
  else if (args.summaryJson !== undefined) await writeFile(args.summaryJson, json)
  if (isOnTerminal(args, context)) context.stderr.write(renderResult(result))
}

/** A run that a signal ended is no failure of the program: runCli turns its 0 into 130 or 143. */
function exitCodeOf({ status }: RunResult, signal: AbortSignal): number {
  switch (status) {
    case 'completed':
    case 'completed_with_warnings':
    case 'skipped':
      return ExitCode.done
    case 'aborted':
      return ExitCode.aborted
    case 'cancelled':
      return signal.aborted ? ExitCode.done : ExitCode.failed
    case 'failed':
      return ExitCode.failed
  }
}
