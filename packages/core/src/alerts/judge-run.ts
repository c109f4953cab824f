import type { RunResult } from '../batch/result.ts'
import type { RunRequest } from '../batch/run-request.ts'
import { isLimited } from '../batch/run-request.ts'
import type { MetricName } from '../metrics/metric.ts'
import { metricsOfRun } from '../metrics/metrics-of-run.ts'
import type { Alert, Verdict } from './alert.ts'
import { judgeThresholds } from './judge-thresholds.ts'
import {
  BAD_ENDINGS,
  badEnding,
  hadNothingToDo,
  hasSucceeded,
  MAKES_GOOD,
  RUN_NAMES,
  type BadEnding,
} from './run-endings.ts'
import { runSubject } from './run-subject.ts'
import type { ThresholdFacts } from './thresholds.ts'

/** What judging a run needs to know besides its result. */
export interface RunFacts extends ThresholdFacts {
  /** Active portfolios that have a complete snapshot of the target, whichever run made it; null = not known. */
  readonly currentPortfolios: number | null
}

/** Texts of one alert; the log and the run's row have them all. */
const SHOWN = 10
const NOTHING: Verdict = { alerts: [], fine: [] }

/**
 * The alerts of a run that ended, and the keys that its end shows to be fine.
 *
 * - Bad endings and what the phases reported: of every run.
 * - The threshold table: of full runs that worked to the end. Portfolios processed are judged by those
 *   that are at the target, since a run that repairs a night processes only what was left of it.
 * - Skipped and cancelled runs: nothing. Nothing to do: what the plan reported, and no recovery.
 *
 * @param facts null when they could not be found; the table is left out then
 */
export function judgeRun(result: RunResult, request: RunRequest, facts: RunFacts | null): Verdict {
  const { status } = result
  if (status === 'skipped' || status === 'cancelled') return NOTHING
  const subject = runSubject(request)
  const ending = badEnding(result)
  const reported = reportedAlerts(result, subject)
  if (hadNothingToDo(result)) return { alerts: withRun(result, reported), fine: [] }
  const isWhole = hasSucceeded(result) || ending === 'guard' || isFailedByDates(result)
  const thresholds =
    isWhole && facts !== null && !isLimited(request)
      ? judgeThresholds(figuresOf(result, facts), facts)
      : NOTHING
  const endings = ending === null ? [] : [endingAlert(result, subject, ending)]
  return {
    alerts: withRun(result, [...endings, ...thresholds.alerts, ...reported]),
    fine: [
      ...(hasSucceeded(result) ? madeGood(request, subject) : []),
      ...thresholds.fine,
      ...(isWhole && reported.length === 0 ? [`${subject}.reported`] : []),
    ],
  }
}

/** The alert of a run that threw instead of ending. */
export function crashAlert(request: RunRequest, error: Error): Alert {
  return {
    key: `${runSubject(request)}.crashed`,
    severity: 'critical',
    title: `${RUN_NAMES[request.jobType]} crashed`,
    text: error.message,
    facts: { source: request.source },
  }
}

/** Failed because sessions failed, not because the run was cut short. */
function isFailedByDates({ status, reason }: RunResult): boolean {
  return status === 'failed' && reason === undefined
}

function figuresOf(result: RunResult, facts: RunFacts): ReadonlyMap<MetricName, number> {
  const figures = new Map<MetricName, number>()
  for (const { name, value, tags } of metricsOfRun(result)) {
    if (Object.keys(tags).length === 0) figures.set(name, value)
  }
  const processed = 'v2.portfolio_refresh.portfolios_processed'
  if (facts.currentPortfolios !== null && figures.has(processed)) {
    figures.set(processed, facts.currentPortfolios)
  }
  return figures
}

function madeGood(request: RunRequest, subject: string): readonly string[] {
  const subjects = isLimited(request) ? [subject] : MAKES_GOOD[request.jobType]
  return subjects.flatMap((each) => BAD_ENDINGS.map((ending) => `${each}.${ending}`))
}

const ENDING_WORDS: Readonly<Record<BadEnding, string>> = {
  failed: 'failed',
  crashed: 'crashed',
  aborted: 'was aborted',
  timeout: 'ran out of time',
  guard: 'was stopped by the regression guard',
}

function endingAlert(result: RunResult, subject: string, ending: BadEnding): Alert {
  const failed = failedPhases(result)
  const because = result.reason === undefined ? '' : `Reason: ${result.reason}.`
  return {
    key: `${subject}.${ending}`,
    severity: 'critical',
    title: `${RUN_NAMES[result.job_type]} ${ENDING_WORDS[ending]}`,
    text: listed([because, ...failed].filter((line) => line !== '')),
    facts: { sessions: result.dates.length },
  }
}

function failedPhases({ dates }: RunResult): readonly string[] {
  return dates.flatMap(({ date, phases }) =>
    Object.entries(phases).flatMap(([name, { status, error }]) =>
      status === 'failed' ? [`${date} ${name}: ${error ?? 'failed'}`] : [],
    ),
  )
}

/** What the phases and the plan want an operator to hear, as one alert. */
function reportedAlerts(result: RunResult, subject: string): readonly Alert[] {
  const texts = result.alerts.filter((text) => text !== result.reason)
  if (texts.length === 0) return []
  return [
    {
      key: `${subject}.reported`,
      severity: 'warning',
      title: `${RUN_NAMES[result.job_type]} reported problems`,
      text: listed(texts),
      facts: {},
    },
  ]
}

function listed(lines: readonly string[]): string {
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : []
  return [...lines.slice(0, SHOWN), ...more].join('\n')
}

function withRun(result: RunResult, alerts: readonly Alert[]): readonly Alert[] {
  const { batch_run_id, target_date, status, source } = result
  const run = { batch_run_id, target_date, status, source }
  return alerts.map((alert) => ({ ...alert, facts: { ...run, ...alert.facts } }))
}
