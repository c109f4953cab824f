import { expect, test } from '@jest/globals'
import { readinessOf } from '../../src/health/index.ts'

const loading = { isDatabaseReachable: true, isCacheLoaded: false, elapsedMs: 29_999 }

test('a server is initializing until its cache is loaded', () => {
  expect(readinessOf(loading)).toEqual({ status: 'initializing' })
  expect(readinessOf({ ...loading, isCacheLoaded: true })).toEqual({
    status: 'ready',
    mode: 'cache',
  })
})

test('after half a minute it is ready without one', () => {
  expect(readinessOf({ ...loading, elapsedMs: 30_000 })).toEqual({
    status: 'ready',
    mode: 'db_fallback',
  })
})

test('without a database it never is', () => {
  const facts = { isDatabaseReachable: false, isCacheLoaded: true, elapsedMs: 60_000 }
  expect(readinessOf(facts)).toEqual({ status: 'unavailable' })
})
