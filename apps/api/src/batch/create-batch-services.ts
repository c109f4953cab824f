import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkSchedule, createAlertSender } from '@sigmasight/core/alerts'
import type { Clock } from '@sigmasight/core/clock'
import type { Config } from '@sigmasight/core/config'
import type { Database } from '@sigmasight/core/database'
import { JobTracker } from '@sigmasight/core/job-tracker'
import type { Logger } from '@sigmasight/core/logging'
import { childProcesses, RunLauncher } from '@sigmasight/core/run-launch'
import { Scheduler } from '@sigmasight/core/scheduler'
import { runScheduledJob, type CountCache } from './run-scheduled-job.ts'

/** What starts batch work outside of this process, and knows what was started. */
export interface BatchServices {
  readonly tracker: JobTracker
  readonly launcher: RunLauncher
  readonly scheduler: Scheduler
}

export interface BatchServiceParts {
  readonly config: Config
  /** What the programs get. */
  readonly env: NodeJS.ProcessEnv
  readonly database: Database
  readonly clock: Clock
  readonly log: Logger
  readonly owned: AsyncDisposableStack
  /** Null where there is no cache to count. */
  readonly countCache: CountCache | null
}

const APPS = resolve(import.meta.dirname, '../../..')
const SCRIPTS = {
  'symbol-batch': resolve(APPS, 'symbol-batch/src/main.ts'),
  'portfolio-refresh': resolve(APPS, 'portfolio-refresh/src/main.ts'),
} as const

/** How long one call to a webhook may take. */
const WEBHOOK_TIMEOUT_MS = 5_000

/** Makes them, and starts the scheduler. */
export function createBatchServices(parts: BatchServiceParts): BatchServices {
  const { config, env, database, clock, owned } = parts
  const log = parts.log.child({ module: 'batch' })
  const isV2 = config.batchV2Enabled
  const tracker = new JobTracker({ clock, timeoutMinutes: config.batchTrackerTimeoutMinutes })
  const launcher = new RunLauncher({
    ...{ database, tracker, clock, log, isV2, sleep },
    startProgram: childProcesses({ scripts: SCRIPTS, env }),
    newId: randomUUID,
  })
  owned.defer(() => launcher.stop())
  const ports = {
    fetch,
    sleep,
    timeoutMs: WEBHOOK_TIMEOUT_MS,
    log: log.child({ module: 'alerts' }),
  }
  const alerts = createAlertSender({
    ...ports,
    webhookUrl: config.alertWebhookUrl,
    clock,
    database,
  })
  const settleMinutes = config.marketSettleMinutes
  const { countCache } = parts
  const jobs = { database, clock, log, launcher, alerts, countCache, process: randomUUID() }
  const scheduler = new Scheduler({
    ...{ clock, log, isV2 },
    isEnabled: config.schedulerEnabled,
    run: (job) => runScheduledJob(job, jobs),
    watch: () => checkSchedule({ database, clock, alerts, settleMinutes }),
  })
  owned.use(scheduler)
  scheduler.start()
  return { tracker, launcher, scheduler }
}
