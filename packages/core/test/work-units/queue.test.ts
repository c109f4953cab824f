import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createQueueExecutor, serveQueue, type WorkUnit } from '../../src/work-units/index.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { collectingLog, unitOf } from './unit.ts'

describe('a queue on PostgreSQL', () => {
  let store: TestDatabase
  const log = collectingLog([])
  const run = { log, signal: new AbortController().signal, progress: () => undefined }
  beforeAll(async () => {
    store = await createTestDatabase()
  })
  afterAll(() => store.drop())

  const executor = () => createQueueExecutor({ database: store.database, url: store.url, log })
  const serve = (perform: (unit: WorkUnit) => Promise<object>, signal: AbortSignal) =>
    serveQueue({ kind: 'portfolio-refresh', url: store.url, log, signal, perform })

  test('does a unit that is sent twice once, and both who sent it get its answer', async () => {
    const stop = new AbortController()
    const done: string[] = []
    const served = serve(({ chunk }) => {
      done.push(chunk)
      return Promise.resolve({ chunk })
    }, stop.signal)
    const units = [unitOf('a'), unitOf('b'), unitOf('c')]
    await using first = executor()
    await using second = executor()
    const wanted = units.map(({ chunk }) => ({ ok: true, output: { chunk } }))
    const both = await Promise.all([first.run(units, run), second.run(units, run)])
    expect(both).toEqual([wanted, wanted])
    // Sent once more after its end, too; of another run it is other work.
    expect(await first.run(units, run)).toEqual(wanted)
    expect(done.sort()).toEqual(['a', 'b', 'c'])
    await first.run([unitOf('a', 'another run')], run)
    expect(done).toHaveLength(4)
    stop.abort()
    await served
  })

  test('tries a unit that fails three times and says why it was given up', async () => {
    const stop = new AbortController()
    let tries = 0
    const served = serve(() => {
      tries += 1
      return Promise.reject(new Error('it cannot be done'))
    }, stop.signal)
    await using sender = executor()
    expect(await sender.run([unitOf('fails')], run)).toEqual([
      { ok: false, message: 'it cannot be done', attempts: 3 },
    ])
    expect(tries).toBe(3)
    stop.abort()
    await served
  })

  test('finishes the unit under way when its worker is told to stop, and leaves the next', async () => {
    const stop = new AbortController()
    const begun: string[] = []
    const served = serve(async ({ chunk }) => {
      begun.push(chunk)
      stop.abort()
      await new Promise((resolve) => setTimeout(resolve, 50))
      return { chunk }
    }, stop.signal)
    const over = new AbortController()
    await using sender = executor()
    const units = [unitOf('first', 'stopped'), unitOf('second', 'stopped')]
    const progress = (): void => {
      over.abort(new Error('enough'))
    }
    await expect(sender.run(units, { ...run, signal: over.signal, progress })).rejects.toThrow(
      'enough',
    )
    await served
    expect(begun).toHaveLength(1)
  })
})
