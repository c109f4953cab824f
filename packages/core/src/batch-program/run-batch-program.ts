import { access, constants, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  aroundRun,
  createAlertSender,
  createHealthPings,
  type RunReporting,
} from '../alerts/index.ts'
import type { BatchEnvironment, RunRequest, RunResult } from '../batch/index.ts'
import { effectiveDate, type SessionDate } from '../calendar/index.ts'
import { createProgress, ExitCode, type BatchArgs, type CliContext } from '../cli/index.ts'
import { clockOf, loadConfig, type Config } from '../config/index.ts'
import { assertSchemaCurrent, connect, lockUrlOf } from '../database/index.ts'
import { coerceError, UsageError } from '../errors/index.ts'
import { createLogger, type Logger } from '../logging/index.ts'
import { createMetrics } from '../metrics/index.ts'
import { requirePortfolio } from '../portfolios/index.ts'
import { createExecutor } from './create-executor.ts'
import { limitHeapGrowth } from './limit-heap-growth.ts'
import { renderResult } from './render-result.ts'

/** What a batch program has when it starts to work. */
export interface BatchProgram {
  readonly config: Config
  readonly log: Logger
  readonly environment: BatchEnvironment
  readonly effectiveDate: SessionDate
  /** Who started the program. */
  readonly triggeredBy: string
}

/** A program that is not to run in this mode: skipped is no failure. */
export interface Refusal {
  readonly status: 'skipped' | 'failed'
  readonly reason: string
  readonly message: string
}

/** What a program does with it: a plan to print (`--dry-run`) or a run's result. */
export interface BatchProgramParts {
  readonly name: string
  /** Why the program has nothing to do under this configuration, or may not; null when it may. */
  refuse(config: Config): Refusal | null
  /** Checks what can be checked before the database is opened. Throws UsageError or ConfigError. */
  prepare(program: Omit<BatchProgram, 'environment'>): RunRequest
  plan(program: BatchProgram, request: RunRequest): Promise<string>
  run(program: BatchProgram, request: RunRequest): Promise<RunResult>
}

/**
 * Composes a batch program from its environment, does what its command line asks for, reports, and
 * disposes of everything in reverse.
 *
 * @returns the exit code
 */
export async function runBatchProgram(
  parts: BatchProgramParts,
  args: BatchArgs,
  context: CliContext,
): Promise<number> {
  limitHeapGrowth()
  const { env, signal, stderr, stdout } = context
  const config = loadConfig(env)
  const clock = clockOf(config)
  const isTerminal = stderr.isTTY && !args.quiet && !args.logJson
  await using log = await createLogger({
    environment: config.environment,
    level: config.logLevel,
    file: args.logFile ?? config.logFile,
    json: args.logJson,
    // On a terminal the progress lines tell the same, and would be torn by others in between.
    quiet: args.quiet || isTerminal,
    destination: args.summaryJson === true ? 'stderr' : 'stdout',
  })
  const refusal = parts.refuse(config)
  if (refusal !== null) {
    const { status, reason, message } = refusal
    log[status === 'failed' ? 'error' : 'warn']({ status, reason }, message)
    const line = `${JSON.stringify({ status, reason })}\n`
    if (typeof args.summaryJson === 'string') await writeFile(args.summaryJson, line)
    else stdout.write(line)
    return status === 'failed' ? ExitCode.failed : ExitCode.done
  }
  const effective = effectiveDate(clock.now(), config.marketSettleMinutes)
  const triggeredBy = args.triggeredBy ?? env['USER'] ?? 'unknown'
  const begun = { config, log, effectiveDate: effective, triggeredBy }
  const request = parts.prepare(begun)
  await requireWritable(args.summaryJson)
  await using database = await connect(config, { applicationName: parts.name })
  const historyName = `${parts.name}-history`
  await using history = await connect(config, { applicationName: historyName, poolMax: 1 })
  await assertSchemaCurrent(database.db)
  if (args.portfolioId !== undefined) await requirePortfolio(database.db, args.portfolioId)
  const source = { name: parts.name, config, database, log: log.child({ module: 'work' }) }
  await using executor = await createExecutor(args, source)
  using observer = await createProgress({ stream: stderr, enabled: isTerminal, log })
  const program: BatchProgram = {
    ...begun,
    environment: {
      database,
      history,
      lockUrl: await lockUrlOf(config),
      clock,
      log: log.child({ module: 'batch' }),
      signal,
      observer,
      sleep,
      settleMinutes: config.marketSettleMinutes,
      timeoutSecondsPerDate: config.symbolBatchTimeoutSeconds,
      ...(executor === null ? {} : { executor }),
    },
  }
  if (args.dryRun) {
    stdout.write(`${await parts.plan(program, request)}Nothing was written.\n`)
    return ExitCode.done
  }
  const reporting = reportingOf(program)
  const result = await aroundRun(reporting, request, () => parts.run(program, request))
  const json = `${JSON.stringify(result, null, 2)}\n`
  if (args.summaryJson === true) stdout.write(json)
  else if (args.summaryJson !== undefined) await writeFile(args.summaryJson, json)
  if (isTerminal) stderr.write(renderResult(result))
  return exitCodeOf(result, signal)
}

/** How long one call to a webhook may take: a dead one must not hold up the end of a night. */
const REPORT_TIMEOUT_MS = 5_000

function reportingOf({ config, log, environment }: BatchProgram): RunReporting {
  const { database, clock } = environment
  const ports = { fetch, sleep, timeoutMs: REPORT_TIMEOUT_MS, log: log.child({ module: 'alerts' }) }
  return {
    database,
    log: ports.log,
    record: createMetrics(log),
    alerts: createAlertSender({ ...ports, webhookUrl: config.alertWebhookUrl, clock, database }),
    pings: createHealthPings({ ...ports, url: config.healthcheckPingUrl }),
    symbolsMinShare: config.symbolsMinShare,
  }
}

/** A result that cannot be written should be known before the work, not after it. */
async function requireWritable(file: string | true | undefined): Promise<void> {
  if (file === undefined || file === true) return
  const folder = dirname(resolve(file))
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error(`${folder} is not a folder`)
    await access(folder, constants.W_OK)
  } catch (cause) {
    const { message } = coerceError(cause)
    throw new UsageError(`--summary-json ${file} cannot be written: ${message}`, { cause })
  }
}

/** A run that a signal ended is no failure of the program: runCli turns its 0 into 130 or 143. */
function exitCodeOf({ status, reason }: RunResult, signal: AbortSignal): number {
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
      return reason === 'guard' ? ExitCode.aborted : ExitCode.failed
  }
}
