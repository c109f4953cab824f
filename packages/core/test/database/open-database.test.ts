import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDatabase } from '../../src/database/index.ts'
import { DatabaseUnavailable } from '../../src/errors/index.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { withDatabase } from '../harness/test-server.ts'
import { until } from '../harness/until.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await createTestDatabase()
})
afterAll(() => store.drop())

describe('values from the database', () => {
  test('arrive exact: dates and decimals as text, counts as numbers, instants as Date', async () => {
    const { rows } = await store.database.pool.query<Record<string, unknown>>(
      `select date '2024-02-29' as day, 1234567890123456.78::numeric(18,2) as money,
              9007199254740991::bigint as big, timestamptz '2024-01-02 03:04:05+00' as moment,
              0.1::float8 as real, array[date '2024-01-02', null] as days,
              array[1.50, 2]::numeric[] as prices, array[1, 2]::bigint[] as counts`,
    )
    expect(rows).toEqual([
      {
        day: '2024-02-29',
        money: '1234567890123456.78',
        big: 9007199254740991,
        moment: new Date('2024-01-02T03:04:05Z'),
        real: 0.1,
        days: ['2024-01-02', null],
        prices: ['1.50', '2'],
        counts: [1, 2],
      },
    ])
  })

  test('a count beyond 2^53 fails instead of losing digits', async () => {
    await expect(store.database.pool.query('select 9007199254740993::bigint')).rejects.toThrow(
      'beyond 2^53',
    )
  })
})

describe('opening', () => {
  const open = (url: string) => openDatabase({ url, poolMax: 1, applicationName: 'test-opening' })

  test('an unreachable server is named in one line without the password', async () => {
    const failure = open('postgresql://batch:s3cret@127.0.0.1:1/books').catch((e: unknown) => e)
    const error = await failure
    expect(error).toBeInstanceOf(DatabaseUnavailable)
    const { message } = error as DatabaseUnavailable
    expect(message).toMatch(/^cannot connect to database "books" on 127.0.0.1:1 as "batch": .+/)
    expect(message).not.toMatch(/s3cret|\n/)
  })

  test('every connection tells the server to look whether the program is still there', async () => {
    const { rows } = await store.database.pool.query<{ name: string }>(
      "select name from pg_settings where name like 'tcp_keepalives%' and source = 'session' order by 1",
    )
    expect(rows.map(({ name }) => name)).toEqual([
      'tcp_keepalives_count',
      'tcp_keepalives_idle',
      'tcp_keepalives_interval',
    ])
  })

  test('a missing database is named', async () => {
    await expect(open(withDatabase(store.url, 'no_such_books'))).rejects.toThrow(/no_such_books/)
  })

  test('a URL that cannot be read is not shown, for it may hold a password', async () => {
    const error = await open('postgresql://u:s3cret@ho st:x/y').catch((e: unknown) => e)
    expect(error).toBeInstanceOf(DatabaseUnavailable)
    expect((error as Error).message).not.toContain('s3cret')
  })

  test('disposing twice is as good as once', async () => {
    const database = await open(store.url)
    await database[Symbol.asyncDispose]()
    await expect(database[Symbol.asyncDispose]()).resolves.toBeUndefined()
  })

  test('an idle connection that the server ends is reported, and replaced at the next query', async () => {
    const errors: Error[] = []
    await using database = await openDatabase({
      url: store.url,
      poolMax: 1,
      applicationName: 'test-idle',
      onConnectionError: (error) => errors.push(error),
    })
    await store.database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test-idle'`,
    )
    await until('the report of the ended connection', () => errors.length > 0)
    const { rows } = await database.pool.query<{ one: number }>('select 1 as one')
    expect(rows).toEqual([{ one: 1 }])
  })
})
