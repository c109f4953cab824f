import type { Kysely } from 'kysely'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Clock } from '../clock/clock.ts'
import { transaction, withRetry, type Database, type Tables } from '../database/index.ts'
import type { JobType } from './job-type.ts'
import type { ItemFailure } from './phase.ts'
import type { DateResult } from './result.ts'
import type { RunRecorder } from './run-dates.ts'
import { insertFailedItems } from './store/insert-failed-items.ts'
import { startTracking } from './store/start-tracking.ts'
import { saveTracking } from './store/save-tracking.ts'

export interface RecorderOptions {
  readonly history: Database
  readonly clock: Clock
  readonly batchRunId: string
  readonly jobType: JobType
  readonly batchType: string
  /** Limited runs record their failed items but no date as done. */
  readonly tracksDates: boolean
  /** A date's row keeps what it says of phases that the run leaves out. */
  readonly keepsOtherPhases: boolean
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** Leaves what a run did in `batch_run_tracking` and `batch_jobs`. */
export class TableRecorder implements RunRecorder {
  readonly #options: RecorderOptions

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  async itemsFailed(
    phase: string,
    date: SessionDate,
    failures: readonly ItemFailure[],
  ): Promise<void> {
    const { clock, batchRunId, history, jobType, sleep } = this.#options
    const at = clock.now().toJSDate()
    const items = { batchRunId, jobType, phase, date, failures, at }
    // A transaction, so that rows whose answer is lost are not written twice.
    const insert = () => transaction(history, ({ db }) => insertFailedItems(db, items))
    await withRetry(insert, { sleep })
  }

  async dateStarted(date: SessionDate): Promise<void> {
    const { clock, batchRunId, batchType, tracksDates } = this.#options
    if (!tracksDates) return
    const at = clock.now().toJSDate()
    await this.#write((db) => startTracking(db, { batchType, batchRunId, date, at }))
  }

  async dateEnded(result: DateResult): Promise<void> {
    const { clock, batchRunId, batchType, tracksDates, keepsOtherPhases } = this.#options
    if (!tracksDates) return
    const prices = result.phases['prices']
    const coverage = prices?.metrics['coverage_pct']
    const ended = {
      batchType,
      batchRunId,
      result,
      keepsOtherPhases,
      symbolsFetched: prices?.processed ?? null,
      portfoliosProcessed: result.phases['snapshots']?.processed ?? null,
      coveragePct: typeof coverage === 'number' ? coverage : null,
      at: clock.now().toJSDate(),
    }
    await this.#write((db) => saveTracking(db, ended))
  }

  #write(operation: (db: Kysely<Tables>) => Promise<void>): Promise<void> {
    const { history, sleep } = this.#options
    return withRetry(() => operation(history.db), { sleep })
  }
}
