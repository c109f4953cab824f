import type { RunResult } from '../batch/result.ts'
import { isLimited, type RunRequest } from '../batch/run-request.ts'
import type { Database } from '../database/index.ts'
import { coerceError } from '../errors/index.ts'
import type { Logger } from '../logging/index.ts'
import { metricsOfRun, type RecordMetric } from '../metrics/index.ts'
import { sendVerdict, type AlertSender } from './create-alert-sender.ts'
import type { HealthPings } from './create-health-pings.ts'
import { crashAlert, judgeRun, type RunFacts } from './judge-run.ts'
import { hasSucceeded } from './run-endings.ts'
import { selectRunFacts } from './store/select-run-facts.ts'

/** Where a run is reported to. */
export interface RunReporting {
  readonly database: Database
  readonly record: RecordMetric
  readonly alerts: AlertSender
  readonly pings: HealthPings
  readonly log: Logger
  /** SYMBOLS_MIN_SHARE. */
  readonly symbolsMinShare: number
}

/**
 * Runs a batch and reports it: ping, run, metrics, alerts and recoveries, ping. Whatever fails in
 * reporting is logged and changes nothing.
 *
 * - Pings are the night's: only full runs that work up to the effective date give them.
 *   Nothing to do and `v2_disabled` are successes, or every holiday would raise an alarm; after
 *   `already_running` it is the other run that tells its end; a cancelled night failed.
 * - Metrics are those of full runs. Limited runs alert under keys of their own, see `judgeRun`.
 *
 * @throws what the run throws, after the alert `crashed` and the ping of failure
 */
export async function aroundRun(
  reporting: RunReporting,
  request: RunRequest,
  run: () => Promise<RunResult>,
): Promise<RunResult> {
  const pings = isNightly(request) ? reporting.pings : null
  await safely(reporting, () => pings?.start())
  let result: RunResult
  try {
    result = await run()
  } catch (thrown) {
    await safely(reporting, () => reporting.alerts.send([crashAlert(request, coerceError(thrown))]))
    await safely(reporting, () => pings?.fail())
    throw thrown
  }
  await safely(reporting, () => {
    if (isLimited(request)) return undefined
    for (const { name, value, tags } of metricsOfRun(result)) reporting.record(name, value, tags)
  })
  await safely(reporting, () => judgeAndSend(reporting, request, result))
  const end = endOf(result)
  if (end !== null) await safely(reporting, () => pings?.[end]())
  return result
}

async function judgeAndSend(
  reporting: RunReporting,
  request: RunRequest,
  result: RunResult,
): Promise<void> {
  const facts = isLimited(request) ? null : await findFacts(reporting, result)
  await sendVerdict(reporting.alerts, judgeRun(result, request, facts))
}

/** Null when the database does not answer: how the run ended must be told even then. */
async function findFacts(
  { database, log, symbolsMinShare }: RunReporting,
  result: RunResult,
): Promise<RunFacts | null> {
  try {
    return { ...(await selectRunFacts(database.db, result)), symbolsMinShare }
  } catch (thrown) {
    log.error({ err: coerceError(thrown) }, 'run_facts_unavailable')
    return null
  }
}

function isNightly(request: RunRequest): boolean {
  const { dates } = request
  return !isLimited(request) && dates.kind === 'target' && dates.target === null
}

function endOf(result: RunResult): 'success' | 'fail' | null {
  if (result.reason === 'already_running') return null
  return hasSucceeded(result) || result.status === 'skipped' ? 'success' : 'fail'
}

async function safely(
  { log }: RunReporting,
  report: () => Promise<void> | undefined,
): Promise<void> {
  try {
    await report()
  } catch (thrown) {
    log.error({ err: coerceError(thrown) }, 'run_reporting_failed')
  }
}
