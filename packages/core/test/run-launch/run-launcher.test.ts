import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { finishRuns } from '../../src/batch/store/finish-runs.ts'
import { insertRun } from '../../src/batch/store/insert-run.ts'
import type { JobType } from '../../src/batch/job-type.ts'
import { systemClock } from '../../src/clock/index.ts'
import { tryAdvisoryLock } from '../../src/database/index.ts'
import { JobTracker } from '../../src/job-tracker/index.ts'
import { FULL_LAUNCH, RunLauncher, type LaunchRequest } from '../../src/run-launch/index.ts'
import type { EndedProgram } from '../../src/run-launch/program-process.ts'
import { recordingLog } from '../alerts/recording-log.ts'
import { runResult, TARGET } from '../alerts/results.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { until } from '../harness/until.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await createTestDatabase()
})
afterAll(() => store.drop())
beforeEach(async () => {
  await sql`truncate batch_run_history`.execute(store.database.db)
})

/** A program that a test plays: it records what the test says and ends when the test says. */
class PlayedProgram {
  readonly name: string
  readonly runId: string
  readonly ended: Promise<EndedProgram>
  isAskedToStop = false
  #end: (end: EndedProgram) => void = () => undefined
  readonly #jobType: JobType

  constructor(name: string, args: readonly string[]) {
    this.name = name
    this.#jobType = name === 'symbol-batch' ? 'symbol_batch' : 'portfolio_refresh'
    this.runId = args[args.indexOf('--run-id') + 1] ?? ''
    this.ended = new Promise((resolve) => (this.#end = resolve))
  }

  /** Takes its lock and writes its row; the lock is freed by the end. */
  async begin(): Promise<() => Promise<void>> {
    const lock = await tryAdvisoryLock(store.url, this.#jobType)
    if (lock === null) throw new Error('the lock is taken')
    await insertRun(store.database.db, {
      jobType: this.#jobType,
      source: 'admin',
      triggeredBy: 'test',
      startedAt: new Date(),
      targetDate: TARGET,
      portfolioId: null,
      lockNames: [this.#jobType],
      batchRunId: this.runId,
    })
    return () => lock[Symbol.asyncDispose]()
  }

  async finish(status: 'completed' | 'cancelled' | 'failed', free: () => Promise<void>) {
    const result = runResult({ batch_run_id: this.runId, status })
    await finishRuns(store.database.db, [{ result, at: new Date() }])
    await free()
    this.print(0, result)
  }

  print(code: number | null, result?: unknown): void {
    this.#end({ code, stdout: result === undefined ? '' : JSON.stringify(result) })
  }

  stop(): void {
    this.isAskedToStop = true
  }
}

function world() {
  const programs: PlayedProgram[] = []
  const clock = systemClock()
  const tracker = new JobTracker({ clock, timeoutMinutes: 30 })
  const launcher = new RunLauncher({
    ...{ database: store.database, clock, tracker, log: recordingLog().log, isV2: true },
    newId: randomUUID,
    // The launcher looks every 100 ms.
    sleep: () => sleep(2),
    startProgram(name, args) {
      const program = new PlayedProgram(name, args)
      programs.push(program)
      return program
    },
  })
  const program = async (i: number): Promise<PlayedProgram> => {
    await until(`the start of program ${i}`, () => programs.length > i)
    const started = programs[i]
    if (started === undefined) throw new Error(`there is no program ${i}`)
    return started
  }
  return { launcher, tracker, programs, program }
}

const request = (changes: Partial<LaunchRequest> = {}): LaunchRequest => ({
  ...FULL_LAUNCH,
  job: 'symbol_batch',
  source: 'admin',
  triggeredBy: 'ann',
  ...changes,
})
const GENTLY = { force: false }

describe('the launcher', () => {
  test('answers when the run has its row, and tells of it until then', async () => {
    const { launcher, program, tracker } = world()
    const answer = launcher.launch(request(), GENTLY)
    const started = await program(0)
    expect(launcher.unrecorded().map(({ batchRunId }) => batchRunId)).toEqual([started.runId])
    expect(tracker.get('symbol_batch')).toMatchObject({ batchRunId: started.runId })
    const free = await started.begin()
    expect(await answer).toEqual({ kind: 'started', batchRunIds: [started.runId] })
    expect(launcher.unrecorded()).toEqual([])
    await started.finish('completed', free)
    await launcher.stop()
    expect(tracker.getCurrent()).toBeNull()
    expect(launcher.find(started.runId)?.ending).toMatchObject({ status: 'completed' })
  })

  test('remembers how a run ended that left no row', async () => {
    const { launcher, program } = world()
    const answer = launcher.launch(request(), GENTLY)
    const started = await program(0)
    started.print(0, { status: 'completed', reason: 'nothing_to_do', batch_run_id: null })
    expect((await answer).kind).toBe('started')
    expect(launcher.find(started.runId)?.ending).toEqual({
      status: 'completed',
      reason: 'nothing_to_do',
      holder: null,
    })
  })

  test.each([
    [null, 'process_died'],
    [2, 'program_exit_2'],
  ])('of a program that ends with %s and no result says %s', async (code, reason) => {
    const { launcher, program } = world()
    const answer = launcher.launch(request(), GENTLY)
    const started = await program(0)
    started.print(code)
    await answer
    expect(launcher.find(started.runId)?.ending).toMatchObject({ status: 'failed', reason })
  })

  test('passes on who was there first, when a program finds out only itself', async () => {
    const { launcher, program } = world()
    const answer = launcher.launch(request(), GENTLY)
    const holder = randomUUID()
    const result = { status: 'skipped', reason: 'already_running', batch_run_id: holder }
    ;(await program(0)).print(0, result)
    expect(await answer).toEqual({ kind: 'already_running', batchRunId: holder })
  })

  test('refuses what another launch is about to begin, whether that has a row or not', async () => {
    const { launcher, program, programs } = world()
    const answer = launcher.launch(request(), GENTLY)
    const first = await program(0)
    const refused = { kind: 'already_running', batchRunId: first.runId }
    expect(await launcher.launch(request(), GENTLY)).toEqual(refused)
    const free = await first.begin()
    await answer
    expect(await launcher.launch(request(), GENTLY)).toEqual(refused)
    expect(programs).toHaveLength(1)
    await first.finish('completed', free)
    // The program may still be tidying up; its run is over.
    const next = launcher.launch(request(), GENTLY)
    ;(await program(1)).print(0, { status: 'completed' })
    expect((await next).kind).toBe('started')
  })

  test('with force asks the other to stop, and starts when it has freed its lock', async () => {
    const { launcher, program, programs } = world()
    const first = launcher.launch(request(), GENTLY)
    const long = await program(0)
    const free = await long.begin()
    await first
    const forced = launcher.launch(request(), { force: true })
    await until('the wish that the other stops', () => long.isAskedToStop)
    const { rows } = await sql<{ cancel_requested: boolean }>`
      select cancel_requested from batch_run_history`.execute(store.database.db)
    expect(rows).toEqual([{ cancel_requested: true }])
    await sleep(20)
    expect(programs).toHaveLength(1)
    await long.finish('cancelled', free)
    const next = await program(1)
    next.print(0, { status: 'completed' })
    expect(await forced).toEqual({ kind: 'started', batchRunIds: [next.runId] })
  })

  test('does not start what was cancelled while it waited', async () => {
    const { launcher, program, programs } = world()
    const first = launcher.launch(request(), GENTLY)
    const long = await program(0)
    const free = await long.begin()
    await first
    const forced = launcher.launch(request(), { force: true })
    await until('the launch that waits', () => launcher.unrecorded().length > 0)
    const [waiting] = launcher.unrecorded()
    const id = waiting?.batchRunId ?? ''
    expect(await launcher.cancel(id)).toBe(true)
    await forced
    expect(launcher.find(id)?.ending).toMatchObject({
      status: 'cancelled',
      reason: 'cancelled_before_start',
    })
    expect(programs).toHaveLength(1)
    await long.finish('cancelled', free)
  })

  test('starts the second layer after the first, and only if that succeeded', async () => {
    const { launcher, program, programs } = world()
    const good = launcher.launch(request({ job: 'all' }), GENTLY)
    const symbols = await program(0)
    symbols.print(0, { status: 'completed_with_warnings' })
    const portfolios = await program(1)
    expect([symbols.name, portfolios.name]).toEqual(['symbol-batch', 'portfolio-refresh'])
    portfolios.print(0, { status: 'completed' })
    await good

    const bad = launcher.launch(request({ job: 'all' }), GENTLY)
    ;(await program(2)).print(1, { status: 'failed', reason: 'crashed' })
    const answer = await bad
    await until('the end of all launches', () => launcher.unrecorded().length === 0)
    expect(programs).toHaveLength(3)
    const second = answer.kind === 'started' ? answer.batchRunIds[1] : undefined
    expect(launcher.find(second ?? '')?.ending).toMatchObject({
      status: 'failed',
      reason: 'forerunner_failed',
    })
  })

  test('takes a program that a cancellation ended before it listened for signals for cancelled', async () => {
    const { launcher, program } = world()
    const answer = launcher.launch(request(), GENTLY)
    const started = await program(0)
    expect(await launcher.cancel(started.runId)).toBe(true)
    expect(started.isAskedToStop).toBe(true)
    started.print(null)
    await answer
    expect(launcher.find(started.runId)?.ending).toMatchObject({ status: 'cancelled' })
  })

  test('cannot cancel what is not there or is over', async () => {
    const { launcher, program } = world()
    expect(await launcher.cancel(randomUUID())).toBe(false)
    const answer = launcher.launch(request(), GENTLY)
    const started = await program(0)
    started.print(0, { status: 'completed' })
    await answer
    expect(await launcher.cancel(started.runId)).toBe(false)
  })

  test('closes runs whose process died before it looks who is in the way', async () => {
    const { launcher, program } = world()
    const dead = new PlayedProgram('symbol-batch', ['--run-id', randomUUID()])
    const free = await dead.begin()
    await free()
    const answer = launcher.launch(request(), GENTLY)
    ;(await program(0)).print(0, { status: 'completed' })
    expect((await answer).kind).toBe('started')
  })

  test('when it stops asks its programs to stop and waits for them', async () => {
    const { launcher, program } = world()
    const answer = launcher.launch(request({ job: 'all' }), GENTLY)
    const started = await program(0)
    const free = await started.begin()
    await answer
    const end = launcher.stop()
    expect(started.isAskedToStop).toBe(true)
    await started.finish('cancelled', free)
    await end
    expect(launcher.unrecorded()).toEqual([])
  })
})
