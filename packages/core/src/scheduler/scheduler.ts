import type { DateTime } from 'luxon'
import type { Clock } from '../clock/clock.ts'
import { coerceError } from '../errors/index.ts'
import type { Logger } from '../logging/index.ts'
import { isDue, SCHEDULES, type Schedule, type ScheduledJob } from './schedule.ts'

export interface SchedulerOptions {
  readonly clock: Clock
  readonly log: Logger
  /** SCHEDULER_ENABLED: whether the schedules are kept. The watch is kept whatever it says. */
  readonly isEnabled: boolean
  /** BATCH_V2_ENABLED. */
  readonly isV2: boolean
  /** Does a job; heavy ones in a process of their own. */
  readonly run: (job: ScheduledJob) => Promise<void>
  /** Looks every few minutes for what is overdue. */
  readonly watch: () => Promise<void>
}

const TICK_MS = 30_000
const WATCH_MINUTES = 5

/**
 * The clockwork of a process that stays: jobs by their schedules, and a watch for what did not happen.
 * Several processes may keep the same schedules: what they start takes locks, or may be done twice.
 * Times that passed while no process ran are not made up for, as with cron.
 */
export class Scheduler implements AsyncDisposable {
  readonly #options: SchedulerOptions
  readonly #schedules: readonly Schedule[]
  readonly #work = new Map<string, Promise<void>>()
  #timer: NodeJS.Timeout | null = null
  #lastTick: DateTime<true>
  #lastWatch: DateTime<true> | null = null

  constructor(options: SchedulerOptions) {
    const { clock, isEnabled, isV2 } = options
    this.#options = options
    this.#schedules = isEnabled ? SCHEDULES.filter(({ inV2 }) => inV2 || !isV2) : []
    this.#lastTick = clock.now()
  }

  /** The jobs that this process starts. */
  get jobs(): readonly ScheduledJob[] {
    return this.#schedules.map(({ job }) => job)
  }

  /** Begins to tick; the first tick is at once. */
  start(): void {
    this.#options.log.info({ jobs: this.jobs }, 'scheduler_started')
    this.tick()
    this.#timer = setInterval(() => {
      this.tick()
    }, TICK_MS)
  }

  /** Starts what came due since the last tick. */
  tick(): void {
    const { clock, run, watch } = this.#options
    const now = clock.now()
    for (const schedule of this.#schedules) {
      if (isDue(schedule, this.#lastTick, now)) this.#begin(schedule.job, () => run(schedule.job))
    }
    this.#lastTick = now
    if (this.#lastWatch === null || this.#lastWatch.plus({ minutes: WATCH_MINUTES }) <= now) {
      this.#lastWatch = now
      this.#begin('overdue_watch', watch)
    }
  }

  /** Ends the ticking and waits for what is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await Promise.all(this.#work.values())
  }

  /** A job that is still under way is not begun again. */
  #begin(name: string, body: () => Promise<void>): void {
    if (this.#work.has(name)) return
    const { log } = this.#options
    const work = body()
      .then(() => {
        log.debug({ job: name }, 'scheduled_job_done')
      })
      .catch((thrown: unknown) => {
        log.error({ job: name, err: coerceError(thrown) }, 'scheduled_job_failed')
      })
      .finally(() => this.#work.delete(name))
    this.#work.set(name, work)
  }
}
