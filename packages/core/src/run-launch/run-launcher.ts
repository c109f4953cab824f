import type { DateTime } from 'luxon'
import { closeDeadRuns, lockNamesOf } from '../batch/dead-runs.ts'
import type { JobType } from '../batch/job-type.ts'
import { selectRunningRuns } from '../batch/store/select-running-runs.ts'
import type { Clock } from '../clock/clock.ts'
import { isLockFree, type Database } from '../database/index.ts'
import { coerceError } from '../errors/index.ts'
import type { JobTracker } from '../job-tracker/index.ts'
import type { Logger } from '../logging/index.ts'
import type { LaunchRequest, ProgramStart } from './launch-request.ts'
import { planLaunch, type LaunchMode } from './plan-launch.ts'
import type { StartedProgram, StartProgram } from './program-process.ts'
import { readEnding, type LaunchEnding } from './read-ending.ts'
import { requestCancellation } from './store/request-cancellation.ts'
import { isRunRecorded } from './store/is-run-recorded.ts'

export interface LauncherOptions extends LaunchMode {
  readonly database: Database
  readonly tracker: JobTracker
  readonly clock: Clock
  readonly log: Logger
  readonly startProgram: StartProgram
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** A run as the process that launched it knows it, recorded or not. */
export interface LaunchedRun {
  readonly batchRunId: string
  readonly jobType: JobType
  readonly triggeredBy: string
  readonly launchedAt: DateTime<true>
  /** Null until its program has ended. */
  readonly ending: LaunchEnding | null
}

export type LaunchAnswer =
  /** The ids of the runs, in their order. */
  | { readonly kind: 'started'; readonly batchRunIds: readonly string[] }
  | { readonly kind: 'already_running'; readonly batchRunId: string | null }

interface Launch extends LaunchedRun {
  readonly lockNames: readonly string[]
  ending: LaunchEnding | null
  program: StartedProgram | null
  /** From then on the ledger tells of it. */
  isRecorded: boolean
  isCancelled: boolean
}

/** How often something is looked for, and how many looks it is worth. */
const LOOK_MS = 100
/** The caller waits this long for a run to be recorded; a run that takes longer goes on by itself. */
const RECORD_LOOKS = 80
/** A run that was asked to stop finishes its unit of work first. */
const CANCEL_LOOKS = 3000
/** Runs that have ended and left no row are remembered for whoever polls them. */
const REMEMBERED = 200

/**
 * Starts runs in processes of their own, under ids that are known before, and follows them. The history
 * table and the locks decide what runs; this remembers only what they cannot tell: a run that is about
 * to begin, and how one ended that left no row.
 */
export class RunLauncher {
  readonly #options: LauncherOptions
  readonly #launches = new Map<string, Launch>()
  readonly #work = new Set<Promise<void>>()

  constructor(options: LauncherOptions) {
    this.#options = options
  }

  /**
   * Starts what a request asks for and waits, for some seconds at most, until its first run is recorded
   * or has ended. Runs that hold one of its locks are in its way: without `force` one of them is the
   * answer; with it they are cancelled, and the request is started when they have ended.
   */
  async launch(
    request: LaunchRequest,
    { force }: { readonly force: boolean },
  ): Promise<LaunchAnswer> {
    const starts = planLaunch(request, this.#options)
    const names = new Set(starts.flatMap(({ lockNames }) => lockNames))
    const before = this.unrecorded()
    const recorded = await this.#recordedHolders(names)
    // One that has begun is looked for twice, lest it write its row in between and be in neither place.
    const launched = [...before, ...this.unrecorded()].filter(
      (run) => run.ending === null && this.#holds(run, names),
    )
    const inTheWay = [...new Set([...recorded, ...launched.map(({ batchRunId }) => batchRunId)])]
    const [first] = inTheWay
    if (first !== undefined && !force) return { kind: 'already_running', batchRunId: first }
    const launches = starts.map((start) => this.#remember(start, request))
    this.#background(async () => {
      for (const id of inTheWay) await this.cancel(id)
      const isFree = inTheWay.length === 0 || (await this.#waitUntilFree(names, launches))
      await this.#runAll(starts, launches, isFree)
    })
    return this.#answer(launches)
  }

  /** Asks a run of any process to stop after its unit of work; false when there is no such run under way. */
  async cancel(batchRunId: string): Promise<boolean> {
    const isRunning = await requestCancellation(
      this.#options.database.db,
      batchRunId,
      this.#options.clock.now().toJSDate(),
    )
    const launch = this.#launches.get(batchRunId)
    if (launch === undefined || !(isRunning || isUnrecorded(launch))) return isRunning
    launch.isCancelled = true
    // A signal arrives at once, the request in the table with the next heartbeat.
    launch.program?.stop()
    return true
  }

  /** A run that this process launched, while it is remembered. */
  find(batchRunId: string): LaunchedRun | null {
    return this.#launches.get(batchRunId) ?? null
  }

  /** The launched runs that have no row yet, oldest first, those included that wait for another one. */
  unrecorded(): readonly LaunchedRun[] {
    return [...this.#launches.values()].filter(isUnrecorded)
  }

  /** Stops the programs after their unit of work and waits for their ends. */
  async stop(): Promise<void> {
    for (const launch of this.#launches.values()) {
      if (launch.ending !== null) continue
      launch.isCancelled = true
      launch.program?.stop()
    }
    await Promise.all(this.#work)
  }

  async #recordedHolders(names: ReadonlySet<string>): Promise<readonly string[]> {
    const { clock, database } = this.#options
    await closeDeadRuns(database.db, [], clock.now().toJSDate())
    const running = await selectRunningRuns(database.db)
    return running
      .filter((run) => lockNamesOf(run).some((name) => names.has(name)))
      .map(({ batch_run_id }) => batch_run_id)
  }

  #holds({ batchRunId }: LaunchedRun, names: ReadonlySet<string>): boolean {
    return this.#launches.get(batchRunId)?.lockNames.some((name) => names.has(name)) ?? false
  }

  #remember(
    { batchRunId, jobType, lockNames }: ProgramStart,
    { triggeredBy }: LaunchRequest,
  ): Launch {
    const launch: Launch = {
      batchRunId,
      jobType,
      triggeredBy,
      launchedAt: this.#options.clock.now(),
      lockNames,
      ending: null,
      program: null,
      isRecorded: false,
      isCancelled: false,
    }
    this.#launches.set(batchRunId, launch)
    const ended = [...this.#launches.values()].filter(({ ending }) => ending !== null)
    for (const old of ended.slice(0, Math.max(0, ended.length - REMEMBERED))) {
      this.#launches.delete(old.batchRunId)
    }
    return launch
  }

  #background(body: () => Promise<void>): void {
    const work = body()
      .catch((thrown: unknown) => {
        this.#options.log.error({ err: coerceError(thrown) }, 'run_launch_failed')
      })
      .finally(() => this.#work.delete(work))
    this.#work.add(work)
  }

  /** Whether the locks became free in time, other launches of this process included. */
  async #waitUntilFree(names: ReadonlySet<string>, own: readonly Launch[]): Promise<boolean> {
    const isOther = (run: LaunchedRun) =>
      !own.some(({ batchRunId }) => batchRunId === run.batchRunId)
    const isBefore = (run: LaunchedRun) => isOther(run) && this.#holds(run, names)
    for (let look = 0; look < CANCEL_LOOKS && !own.some(({ isCancelled }) => isCancelled); look++) {
      const holders = await this.#recordedHolders(names)
      const isAlone = holders.length === 0 && !this.unrecorded().some(isBefore)
      // A run frees its locks a moment after it has closed its row.
      if (isAlone && (await this.#areLocksFree(names))) return true
      await this.#options.sleep(LOOK_MS)
    }
    return false
  }

  async #areLocksFree(names: ReadonlySet<string>): Promise<boolean> {
    for (const name of names) {
      if (!(await isLockFree(this.#options.database.db, name))) return false
    }
    return true
  }

  async #runAll(
    starts: readonly ProgramStart[],
    launches: readonly Launch[],
    isFree: boolean,
  ): Promise<void> {
    let reason = isFree ? null : 'not_cancelled_in_time'
    for (const [i, launch] of launches.entries()) {
      const start = starts[i]
      if (start === undefined) continue
      if (launch.isCancelled) reason = 'cancelled_before_start'
      if (reason !== null) {
        const status = launch.isCancelled ? 'cancelled' : 'failed'
        launch.ending = { status, reason, holder: null }
        continue
      }
      const { status } = await this.#runOne(start, launch)
      if (status !== 'completed' && status !== 'completed_with_warnings')
        reason = 'forerunner_failed'
    }
  }

  async #runOne(start: ProgramStart, launch: Launch): Promise<LaunchEnding> {
    const { log, startProgram, tracker } = this.#options
    const { batchRunId, jobType, triggeredBy } = launch
    const isFull = start.lockNames.includes(jobType)
    if (isFull) tracker.start({ batchRunId, jobType, triggeredBy })
    log.info(
      { batch_run_id: batchRunId, program: start.program, job_type: jobType },
      'run_launched',
    )
    launch.program = startProgram(start.program, start.args)
    const watch = this.#watchRecord(launch)
    const { code, stdout } = await launch.program.ended
    const ending = readEnding(code, stdout)
    // A signal that comes before the program listens for it ends it without a word.
    const isCutOff = launch.isCancelled && ending.reason === 'process_died'
    launch.ending = isCutOff ? { ...ending, status: 'cancelled', reason: 'signal' } : ending
    if (isFull) tracker.complete(jobType, batchRunId)
    log.info({ batch_run_id: batchRunId, exit_code: code, ...launch.ending }, 'run_program_ended')
    await watch
    return launch.ending
  }

  /** Looks for the row of a run until it is there or the program has ended. */
  async #watchRecord(launch: Launch): Promise<void> {
    const { database, log, sleep } = this.#options
    while (isUnrecorded(launch)) {
      try {
        launch.isRecorded = await isRunRecorded(database.db, launch.batchRunId)
      } catch (thrown) {
        log.warn({ batch_run_id: launch.batchRunId, err: coerceError(thrown) }, 'run_not_looked_up')
      }
      if (!launch.isRecorded) await sleep(LOOK_MS)
    }
  }

  async #answer(launches: readonly Launch[]): Promise<LaunchAnswer> {
    const { sleep } = this.#options
    const batchRunIds = launches.map(({ batchRunId }) => batchRunId)
    const [first] = launches
    for (let look = 0; look < RECORD_LOOKS && first !== undefined && isUnrecorded(first); look++) {
      await sleep(LOOK_MS)
    }
    if (first?.ending?.reason === 'already_running') {
      return { kind: 'already_running', batchRunId: first.ending.holder }
    }
    return { kind: 'started', batchRunIds }
  }
}

function isUnrecorded({ ending, isRecorded }: Launch): boolean {
  return ending === null && !isRecorded
}
