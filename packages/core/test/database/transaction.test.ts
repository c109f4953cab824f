import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { stageRows, transaction, withDelayedCommits } from '../../src/database/index.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await createTestDatabase()
})
afterAll(() => store.drop())

const countSymbols = async (): Promise<number> => {
  const { count } = await store.database.db
    .selectFrom('symbol_universe')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

describe('transaction', () => {
  test('typed queries and COPY share one transaction: both are gone when the body throws', async () => {
    const failing = transaction(store.database, async (tx) => {
      await sql`insert into symbol_universe (symbol) values ('AAA')`.execute(tx.db)
      await stageRows(tx, {
        name: 'more_symbols',
        columns: [{ name: 'symbol', type: 'text' }],
        rows: [['BBB'], ['CCC']],
      })
      await sql`insert into symbol_universe (symbol) select symbol from more_symbols`.execute(tx.db)
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await countSymbols()).toBe(0)
  })

  test('the result of the body is returned after the commit', async () => {
    const answer = await transaction(store.database, async (tx) => {
      await sql`insert into symbol_universe (symbol) values ('AAA')`.execute(tx.db)
      return 'done'
    })
    expect(answer).toBe('done')
    expect(await countSymbols()).toBe(1)
  })

  test('a swallowed statement error is told at the commit instead of losing the work silently', async () => {
    const swallowing = transaction(store.database, async (tx) => {
      await sql`select 1 / 0`.execute(tx.db).catch(() => 'swallowed')
    })
    await expect(swallowing).rejects.toThrow('rolled back')
  })

  test('a second transaction inside the first is refused', async () => {
    const nested = transaction(store.database, (tx) =>
      tx.db.transaction().execute(() => Promise.resolve('inner')),
    )
    await expect(nested).rejects.toThrow('already in a transaction')
  })

  test('a transaction whose connection is cut fails, and the pool goes on', async () => {
    const cut = transaction(store.database, async (tx) => {
      const { rows } = await tx.client.query<{ pid: number }>('select pg_backend_pid() as pid')
      await store.database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
      await sql`select 1`.execute(tx.db)
    })
    await expect(cut).rejects.toThrow()
    expect(await countSymbols()).toBe(1)
  })

  test('only transactions of a database with delayed commits do not wait for the disk', async () => {
    const setting = async (database: typeof store.database) =>
      transaction(database, async ({ client }) => {
        const { rows } = await client.query<object>('show synchronous_commit')
        return rows[0]
      })
    const delayed = withDelayedCommits(store.database)
    expect(await setting(delayed)).toEqual({ synchronous_commit: 'off' })
    expect(await setting(store.database)).toEqual({ synchronous_commit: 'on' })
    const { rows } = await store.database.pool.query('show synchronous_commit')
    expect(rows).toEqual([{ synchronous_commit: 'on' }])
  })
})
