import { expect, test } from '@jest/globals'
import { VersionedCache } from '../../src/analytics-reads/index.ts'

/** A cache on a clock that a test sets, and a value that tells how many were made before. */
function setUp(limit = 100) {
  const time = { now: 0 }
  const cache = new VersionedCache<string>({
    now: () => time.now,
    maxAgeMs: 1_000,
    limit,
  })
  let made = 0
  const ask = (key: string, version: string) =>
    cache.get(key, version, () => Promise.resolve(`${++made}`))
  return { cache, ask, time }
}

test('a value is made once for a version', async () => {
  const { cache, ask } = setUp()
  expect([await ask('a', '1'), await ask('a', '1')]).toEqual(['1', '1'])
  expect(cache.counts()).toEqual({ size: 1, hits: 1, misses: 1, outdated: 0 })
})

test('another version or key is another value', async () => {
  const { cache, ask } = setUp()
  expect(await ask('a', '1')).toBe('1')
  expect(await ask('a', '2')).toBe('2')
  expect(await ask('b', '2')).toBe('3')
  expect(cache.counts()).toEqual({ size: 2, hits: 0, misses: 3, outdated: 1 })
})

test('what no version tells of is out of date after its time', async () => {
  const { ask, time } = setUp()
  await ask('a', '1')
  time.now = 999
  expect(await ask('a', '1')).toBe('1')
  time.now = 1_000
  expect(await ask('a', '1')).toBe('2')
})

test('who asks while a value is being made waits for it', async () => {
  const { ask } = setUp()
  expect(await Promise.all([ask('a', '1'), ask('a', '1'), ask('a', '1')])).toEqual(['1', '1', '1'])
})

test('a value that fails is made again', async () => {
  const { cache, ask } = setUp()
  await expect(cache.get('a', '1', () => Promise.reject(new Error('down')))).rejects.toThrow('down')
  expect(await ask('a', '1')).toBe('1')
})

test('the value asked for least recently goes when there are too many', async () => {
  const { cache, ask } = setUp(2)
  await ask('a', '1')
  await ask('b', '1')
  await ask('a', '1')
  await ask('c', '1')
  expect(cache.counts().size).toBe(2)
  expect(await ask('a', '1')).toBe('1')
  expect(await ask('b', '1')).toBe('4')
})
