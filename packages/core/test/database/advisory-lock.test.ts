import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { isLockFree, tryAdvisoryLock, tryAdvisoryLocks } from '../../src/database/index.ts'
import { DatabaseUnavailable } from '../../src/errors/index.ts'
import { PostgresProxy } from '../harness/postgres-proxy.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { until } from '../harness/until.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await createTestDatabase()
})
afterAll(() => store.drop())

describe('advisory locks', () => {
  test('a held lock is not given twice, and is free again after disposal', async () => {
    const first = await tryAdvisoryLock(store.url, 'symbol_batch')
    expect(first).not.toBeNull()
    expect(await tryAdvisoryLock(store.url, 'symbol_batch')).toBeNull()
    expect(await isLockFree(store.database.db, 'symbol_batch')).toBe(false)
    expect(await isLockFree(store.database.db, 'portfolio_refresh')).toBe(true)
    await first?.[Symbol.asyncDispose]()
    expect(await isLockFree(store.database.db, 'symbol_batch')).toBe(true)
    expect(first?.lost.aborted).toBe(false)
  })

  test('isLockFree knows names whose number is negative as well as positive', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await using lock = await tryAdvisoryLock(store.url, name)
      expect(lock).not.toBeNull()
      expect(await isLockFree(store.database.db, name)).toBe(false)
    }
  })

  test('several locks are taken all or none', async () => {
    await using held = await tryAdvisoryLock(store.url, 'second')
    expect(held).not.toBeNull()
    expect(await tryAdvisoryLocks(store.url, ['first', 'second', 'third'])).toBeNull()
    expect(await isLockFree(store.database.db, 'first')).toBe(true)
    expect(await isLockFree(store.database.db, 'third')).toBe(true)
  })

  test('of ten who want the same locks at once, in different orders, exactly one gets them', async () => {
    const wanted = ['x', 'y', 'z']
    const taken = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        tryAdvisoryLocks(store.url, i % 2 === 0 ? wanted : wanted.toReversed()),
      ),
    )
    const holders = taken.filter((lock) => lock !== null)
    await Promise.all(holders.map((lock) => lock[Symbol.asyncDispose]()))
    expect(holders).toHaveLength(1)
  })

  test('a holder whose connection breaks is told, and the lock is free', async () => {
    await using lock = await tryAdvisoryLock(store.url, 'fragile')
    const lost = new Promise((resolve) => lock?.lost.addEventListener('abort', resolve))
    await store.database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'sigmasight-lock' and datname = current_database()`,
    )
    await lost
    expect(String(lock?.lost.reason)).toContain('connection that holds the lock was lost')
    // The server tells the client before its process is gone, and with it the lock.
    await until('the lock to be free', () => isLockFree(store.database.db, 'fragile'))
  })

  test('a holder that the network cuts off without a word is told within two looks, while the server still believes in it', async () => {
    await using proxy = await PostgresProxy.start(store.url)
    await using lock = await tryAdvisoryLocks(proxy.url, ['silenced'], 1_000)
    const lost = new Promise((resolve) => lock?.lost.addEventListener('abort', resolve))
    proxy.silence('sigmasight-lock')
    await lost
    expect(await tryAdvisoryLock(store.url, 'silenced')).toBeNull()
  })

  test('one that is done in such a network does not wait for a farewell', async () => {
    await using proxy = await PostgresProxy.start(store.url)
    const lock = await tryAdvisoryLock(proxy.url, 'farewell')
    proxy.silence('sigmasight-lock')
    await lock?.[Symbol.asyncDispose]()
    expect(await isLockFree(store.database.db, 'farewell')).toBe(false)
  })

  test('a connection takes further locks, all or none and none twice, and gives them back alone', async () => {
    const free = (name: string) => isLockFree(store.database.db, name)
    await using connection = await tryAdvisoryLock(store.url, 'process')
    await using other = await tryAdvisoryLock(store.url, 'taken')
    expect(other).not.toBeNull()
    expect(await connection?.also(['a', 'taken', 'b'])).toBeNull()
    expect([await free('a'), await free('b')]).toEqual([true, true])

    const further = await connection?.also(['a', 'b'])
    expect(await connection?.also(['b', 'c'])).toBeNull()
    expect([await free('a'), await free('b'), await free('c')]).toEqual([false, false, true])
    await further?.[Symbol.asyncDispose]()
    expect([await free('a'), await free('b'), await free('process')]).toEqual([true, true, false])

    await using again = await connection?.also(['b', 'c'])
    expect(again).not.toBeNull()
  })

  test('an unreachable server is a DatabaseUnavailable', async () => {
    const url = 'postgresql://u:p@127.0.0.1:1/x'
    await expect(tryAdvisoryLock(url, 'any')).rejects.toBeInstanceOf(DatabaseUnavailable)
  })
})
