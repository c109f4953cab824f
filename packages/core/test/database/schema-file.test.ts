import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { describeSchema } from '../../src/database/schema-dump/describe-schema.ts'
import { schemaFile } from '../../src/database/schema-dump/schema-file.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await createTestDatabase()
})
afterAll(() => store.drop())

describe('packages/core/schema.txt', () => {
  test('tells the schema that the migrations make (renew it with `pnpm ops schema --write`)', async () => {
    expect(await describeSchema(store.database.db)).toBe(await readFile(schemaFile, 'utf8'))
  })

  test('a changed column, check, index or function changes the description', async () => {
    const before = await describeSchema(store.database.db)
    const changes = [
      'alter table users add column nickname text',
      'alter table positions drop constraint positions_quantity_check',
      'create index extra on equity_changes (change_date)',
      'create or replace function split_fraction(ratio numeric, out numerator numeric, ' +
        "out denominator numeric) language sql immutable as 'select ratio, 1::numeric'",
      'drop table market_data_cache_2050',
    ]
    const seen = [before]
    for (const change of changes) {
      await store.database.pool.query(change)
      const after = await describeSchema(store.database.db)
      expect(seen).not.toContain(after)
      seen.push(after)
    }
  })
})
