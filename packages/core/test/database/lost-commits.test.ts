import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { isTransient, openDatabase, transaction, type Database } from '../../src/database/index.ts'
import { PostgresProxy, type CommitFate } from '../harness/postgres-proxy.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

describe('a transaction whose COMMIT gets no answer', () => {
  let store: TestDatabase
  let proxy: PostgresProxy
  let database: Database

  beforeAll(async () => {
    store = await createTestDatabase()
    proxy = await PostgresProxy.start(store.url)
    database = await openDatabase({ url: proxy.url, poolMax: 1, applicationName: 'test-proxied' })
  })
  beforeEach(async () => {
    await sql`delete from symbol_universe`.execute(store.database.db)
  })
  afterAll(async () => {
    await database[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
    await store.drop()
  })

  /** The next COMMIT meets this fate, all later ones pass. */
  function next(fate: CommitFate): void {
    const number = proxy.commits + 1
    proxy.judgeCommits((n) => (n === number ? fate : 'passes'))
  }

  const addSymbol = () =>
    transaction(database, async ({ db }) => {
      await sql`insert into symbol_universe (symbol) values ('AAA')`.execute(db)
      return 'added'
    })

  async function countSymbols(): Promise<number> {
    const { rows } = await sql`select from symbol_universe`.execute(store.database.db)
    return rows.length
  }

  test('has succeeded when the server committed it: it is asked over another connection', async () => {
    next('cut_after')
    expect(await addSymbol()).toBe('added')
    expect(await countSymbols()).toBe(1)
  })

  test('has failed for a passing reason when the COMMIT never arrived', async () => {
    next('cut_before')
    const failure = await addSymbol().catch((thrown: unknown) => thrown)
    expect(isTransient(failure)).toBe(true)
    expect(await countSymbols()).toBe(0)
    expect(await addSymbol()).toBe('added')
  })

  test('that wrote nothing has succeeded either way', async () => {
    for (const fate of ['cut_before', 'cut_after'] as const) {
      next(fate)
      const read = transaction(database, async ({ db }) => (await sql`select`.execute(db)).rows)
      expect(await read).toHaveLength(1)
    }
  })

  test('says that it is not known when the server cannot be asked', async () => {
    proxy.judgeCommits(() => {
      proxy.close()
      return 'cut_before'
    })
    const failure = await addSymbol().catch((thrown: unknown) => thrown)
    proxy.open()
    proxy.judgeCommits(null)
    expect(String(failure)).toContain('whether the change was stored is not known')
    expect(isTransient(failure)).toBe(true)
  })
})
