import { describe, expect, test } from '@jest/globals'
import { failureOf } from '../../../src/market-data/calls/failure-of.ts'
import { statusError } from '../../../src/market-data/calls/status-error.ts'

const NOW = new Date('2024-01-05T12:00:00Z')
const of = (status: number, retryAfter: string | null = null) =>
  statusError('vendor', status, retryAfter, NOW)

describe('what an HTTP status says', () => {
  test.each([
    [429, 'rate_limited', true],
    [500, 'unavailable', true],
    [503, 'unavailable', true],
    [408, 'unavailable', true],
    [401, 'refused', false],
    [403, 'refused', false],
    [404, 'unknown_symbol', false],
    [410, 'unknown_symbol', false],
    [400, 'refused', false],
    [302, 'refused', false],
  ])('%i is %s', (status, reason, retryable) => {
    const failure = failureOf(of(status))
    expect(failure).toMatchObject({ reason, retryable })
    expect(failure.detail).toContain(`vendor answered ${status}`)
  })

  test.each([
    ['30', 30_000],
    ['0', 0],
    ['1.5', 1500],
    ['Fri, 05 Jan 2024 12:01:00 GMT', 60_000],
    ['Friday, 05-Jan-24 12:01:00 GMT', 60_000],
    ['Fri, 05 Jan 2024 11:00:00 GMT', 0],
    ['soon', null],
    ['-5', null],
    ['2024-01-05T12:01:00Z', null],
    ['Fri, 99 Foo 2024 12:01:00 GMT', null],
    ['', null],
    [null, null],
  ])('Retry-After %p asks for %p ms', (header, ms) => {
    expect(of(429, header)).toMatchObject({ kind: 'rate_limited', retryAfterMs: ms })
    expect(of(503, header)).toMatchObject({ kind: 'unavailable', retryAfterMs: ms })
  })
})
