import { describe, expect, test } from '@jest/globals'
import { isTransient, withRetry } from '../../src/database/index.ts'

const withCode = (code: string): Error => Object.assign(new Error('failed'), { code })

describe('transient errors', () => {
  test.each(['40001', '40P01', '57P01', '08006', '53300', 'ECONNREFUSED', 'ECONNRESET'])(
    '%s may pass when tried again',
    (code) => {
      expect(isTransient(withCode(code))).toBe(true)
    },
  )

  test.each(['23505', '42P01', '22P02', '57014', 'ERR_INVALID_URL'])('%s will not', (code) => {
    expect(isTransient(withCode(code))).toBe(false)
  })

  test('an error counts as its cause, and a failed host name as its first address', () => {
    expect(isTransient(new Error('outer', { cause: withCode('40001') }))).toBe(true)
    expect(isTransient(new AggregateError([withCode('ECONNREFUSED')]))).toBe(true)
    expect(isTransient(new Error('outer', { cause: withCode('23505') }))).toBe(false)
    expect(isTransient('40001')).toBe(false)
  })

  test('a connection that the driver lost without a code is transient', () => {
    expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true)
  })
})

describe('withRetry', () => {
  const pauses: number[] = []
  const sleep = (ms: number): Promise<void> => {
    pauses.push(ms)
    return Promise.resolve()
  }
  const failing = (times: number, error: Error) => {
    let calls = 0
    return () => (++calls <= times ? Promise.reject(error) : Promise.resolve(calls))
  }

  test('three failures are tried again after growing pauses', async () => {
    pauses.length = 0
    await expect(withRetry(failing(3, withCode('40001')), { sleep })).resolves.toBe(4)
    expect(pauses).toEqual([100, 400, 1600])
  })

  test('the fourth failure is passed on', async () => {
    const error = withCode('40001')
    await expect(withRetry(failing(4, error), { sleep })).rejects.toBe(error)
  })

  test('a lasting error is passed on at once', async () => {
    pauses.length = 0
    await expect(withRetry(failing(1, withCode('23505')), { sleep })).rejects.toThrow('failed')
    expect(pauses).toEqual([])
  })

  test('each retry is told with its number', async () => {
    const told: number[] = []
    const onRetry = (_error: unknown, retry: number): void => void told.push(retry)
    await withRetry(failing(2, withCode('40P01')), { sleep, onRetry })
    expect(told).toEqual([1, 2])
  })
})
