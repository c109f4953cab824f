import { afterEach, describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import { createThreadExecutor, cutIntoChunks } from '../../src/work-units/index.ts'
import { collectingLog, unitOf } from './unit.ts'

describe('threads', () => {
  const lines: { message: string; fields: object }[] = []
  const log = collectingLog(lines)
  const entry = new URL('./odd-thread.ts', import.meta.url)
  const start = (workers: number) => createThreadExecutor({ workers, entry, data: {}, log })
  afterEach(() => {
    lines.splice(0)
  })

  test('do all units and answer in their order, their log lines in the log of the program', async () => {
    await using executor = start(2)
    const chunks = ['a', 'b', 'c', 'd', 'e']
    const ended: number[] = []
    const ends = await executor.run(
      chunks.map((chunk) => unitOf(chunk)),
      {
        log,
        signal: new AbortController().signal,
        progress: (count) => ended.push(count),
      },
    )
    expect(ends).toEqual(chunks.map((chunk) => ({ ok: true, output: { chunk, attempt: 1 } })))
    expect(ended).toEqual([1, 2, 3, 4, 5])
    const seen = lines.filter(({ message }) => message === 'unit_seen')
    expect(seen).toHaveLength(5)
    expect(seen[0]?.fields).toMatchObject({ err: { type: 'Error', message: 'only logged' } })
  })

  test('try a unit three times, also when its thread dies, and go on with the others', async () => {
    await using executor = start(1)
    const units = ['fails once', 'fails', 'dies', 'works'].map((chunk) => unitOf(chunk))
    const run = { log, signal: new AbortController().signal, progress: () => undefined }
    expect(await executor.run(units, run)).toEqual([
      { ok: true, output: { chunk: 'fails once', attempt: 2 } },
      { ok: false, message: 'it cannot be done', attempts: 3 },
      { ok: false, message: expect.stringContaining('its thread broke'), attempts: 3 },
      { ok: true, output: { chunk: 'works', attempt: 1 } },
    ])
  })

  test('stop what is under way when the run stops, and start nothing more', async () => {
    await using executor = start(1)
    const stop = new AbortController()
    const units = [unitOf('lasts'), unitOf('never begun')]
    const running = executor.run(units, { log, signal: stop.signal, progress: () => undefined })
    setTimeout(() => {
      stop.abort(new Error('the night is over'))
    }, 20)
    await expect(running).rejects.toThrow('the night is over')
    expect(lines.filter(({ message }) => message === 'unit_seen').length).toBeLessThan(2)
  })
})

test('chunks hold every item once, in order, none above the limit and none of them empty but the only one', () => {
  const counts = fc.record({
    items: fc.nat(3000),
    workers: fc.option(fc.integer({ min: 1, max: 16 })),
    most: fc.integer({ min: 1, max: 600 }),
  })
  fc.assert(
    fc.property(counts, ({ items, workers, most }) => {
      const all = Array.from({ length: items }, (_, i) => i)
      const chunks = cutIntoChunks(all, { workers }, most)
      expect(chunks.flat()).toEqual(all)
      expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(most)
      expect(chunks.length === 1 || chunks.every(({ length }) => length > 0)).toBe(true)
      // Nobody idles while another has two chunks more to do.
      const rounds = Math.ceil(items / ((workers ?? 4) * most))
      expect(chunks.length).toBeLessThanOrEqual(Math.max(1, (workers ?? 4) * rounds))
    }),
  )
})
