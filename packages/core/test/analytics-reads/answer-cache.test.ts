import { expect, test } from '@jest/globals'
import { AnswerCache } from '../../src/analytics-reads/index.ts'

/** A cache on a clock that a test sets, and questions that count how often they are answered. */
function setUp(limit?: number) {
  const time = { now: 0 }
  const cache = new AnswerCache({
    now: () => time.now,
    maxAgeMs: 1_000,
    ...(limit === undefined ? {} : { limit }),
  })
  let made = 0
  const ask = (portfolioId: string, version: string, question = 'q') =>
    cache.get({ portfolioId, question, version }, () => Promise.resolve(`${++made}`))
  return { cache, ask, time }
}

test('an answer is made once for a version', async () => {
  const { cache, ask } = setUp()
  expect([await ask('a', '1'), await ask('a', '1')]).toEqual(['1', '1'])
  expect(cache.counts()).toEqual({ answers: 1, hits: 1, misses: 1, outdated: 0 })
})

test('another version, question or portfolio is another answer', async () => {
  const { cache, ask } = setUp()
  expect(await ask('a', '1')).toBe('1')
  expect(await ask('a', '2')).toBe('2')
  expect(await ask('a', '2', 'other')).toBe('3')
  expect(await ask('b', '2')).toBe('4')
  expect(cache.counts()).toEqual({ answers: 3, hits: 0, misses: 4, outdated: 1 })
})

test('what no version tells of is out of date after its time', async () => {
  const { ask, time } = setUp()
  await ask('a', '1')
  time.now = 999
  expect(await ask('a', '1')).toBe('1')
  time.now = 1_000
  expect(await ask('a', '1')).toBe('2')
})

test('who asks while an answer is being made waits for it', async () => {
  const { ask } = setUp()
  expect(await Promise.all([ask('a', '1'), ask('a', '1'), ask('a', '1')])).toEqual(['1', '1', '1'])
})

test('an answer that fails is made again', async () => {
  const { cache, ask } = setUp()
  const key = { portfolioId: 'a', question: 'q', version: '1' }
  await expect(cache.get(key, () => Promise.reject(new Error('down')))).rejects.toThrow('down')
  expect(await ask('a', '1')).toBe('1')
})

test('the answer asked for least recently goes when there are too many', async () => {
  const { cache, ask } = setUp(2)
  await ask('a', '1')
  await ask('b', '1')
  await ask('a', '1')
  await ask('c', '1')
  expect(cache.counts().answers).toBe(2)
  expect(await ask('a', '1')).toBe('1')
  expect(await ask('b', '1')).toBe('4')
})
