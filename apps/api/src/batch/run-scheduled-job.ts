import type { AlertSender } from '@sigmasight/core/alerts'
import { addDays, dateInNewYork } from '@sigmasight/core/calendar'
import { runGuard, selectNewestSnapshotDate } from '@sigmasight/core/checks'
import type { Clock } from '@sigmasight/core/clock'
import type { Database } from '@sigmasight/core/database'
import type { Logger } from '@sigmasight/core/logging'
import { saveCacheFigures, saveDailyFigures, type CacheFigures } from '@sigmasight/core/metrics'
import { FULL_LAUNCH, type LaunchRequest, type RunLauncher } from '@sigmasight/core/run-launch'
import type { ScheduledJob } from '@sigmasight/core/scheduler'

/** What this process counts of its caches. */
export type CountCache = () => CacheFigures

export interface ScheduledJobParts {
  readonly database: Database
  readonly clock: Clock
  readonly log: Logger
  readonly launcher: Pick<RunLauncher, 'launch'>
  readonly alerts: AlertSender
  readonly countCache: CountCache | null
  /** Tells this process from others and from its earlier lives. */
  readonly process: string
}

type LaunchedJob = Exclude<ScheduledJob, 'admin_metrics' | 'verification'>

const LAUNCHES: Readonly<Record<LaunchedJob, Partial<LaunchRequest>>> = {
  daily_batch: {},
  weekly_correlations: { job: 'portfolio_refresh', phases: ['correlations'], redo: true },
  company_profiles: { job: 'symbol_batch', phases: ['company_profiles'] },
  feedback_learning: { job: 'symbol_batch', phases: ['feedback_learning'] },
}

/** Does a job of the schedule. What takes the locks of batches is a program of its own. */
export async function runScheduledJob(job: ScheduledJob, parts: ScheduledJobParts): Promise<void> {
  switch (job) {
    case 'admin_metrics':
      return keepDailyFigures(parts)
    case 'verification':
      return verify(parts)
    default: {
      const request = {
        ...FULL_LAUNCH,
        job: 'all',
        source: 'cron',
        triggeredBy: 'scheduler',
      } as const
      const answer = await parts.launcher.launch({ ...request, ...LAUNCHES[job] }, { force: false })
      parts.log.info({ job, ...answer }, 'scheduled_job_launched')
    }
  }
}

async function keepDailyFigures({ database, clock, countCache, process }: ScheduledJobParts) {
  const day = dateInNewYork(clock.now())
  await saveDailyFigures(database.db, { from: addDays(day, -1), to: day })
  if (countCache !== null) {
    await saveCacheFigures(database.db, { day, process, figures: countCache() })
  }
}

/** The regression guard for the newest snapshots: a few statements, which the database does the work of. */
async function verify({ alerts, database, log }: ScheduledJobParts): Promise<void> {
  const date = await selectNewestSnapshotDate(database.db)
  if (date === null) return
  const scope = { portfolioIds: null, atDate: null, batchRunId: null, phases: [] }
  const reports = await runGuard(database.db, { ...scope, date })
  const broken = reports.filter(({ breaches }) => breaches.length > 0)
  log.info({ date, checks: reports.length, broken: broken.length }, 'verified')
  const [first] = broken
  if (first === undefined) return alerts.resolve([VERIFICATION])
  const breaches = broken.reduce((sum, report) => sum + report.breaches.length, 0)
  const alert = {
    key: VERIFICATION,
    severity: 'critical',
    title: 'Stored figures contradict each other',
    text: `${breaches} rows of ${date} break ${broken.map(({ check }) => check).join(', ')}: pnpm ops verify lists them.`,
    facts: { session: date, breaches },
  } as const
  await alerts.send([alert])
}

const VERIFICATION = 'verification.breach'
