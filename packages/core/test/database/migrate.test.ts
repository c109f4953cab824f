import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  assertSchemaCurrent,
  migrateToLatest,
  openDatabase,
  schemaState,
  type Database,
} from '../../src/database/index.ts'
import { MIGRATIONS } from '../../src/database/migrations/migrations.ts'
import { seedFactorDefinitions } from '../../src/database/seed/factor-definitions.ts'
import { seedStressScenarios } from '../../src/database/seed/stress-scenarios.ts'
import { SchemaMismatch } from '../../src/errors/index.ts'
import { readScenarios, SCENARIOS, selectActiveScenarios } from '../../src/stress/index.ts'
import { createEmptyDatabase, type TestDatabase } from '../harness/test-database.ts'

const names = Object.keys(MIGRATIONS)

describe('migrating', () => {
  let store: TestDatabase
  beforeAll(async () => {
    store = await createEmptyDatabase()
  })
  afterAll(() => store.drop())

  const open = (): Promise<Database> =>
    openDatabase({ url: store.url, poolMax: 1, applicationName: 'test-migrating' })

  test('an empty database is behind by all migrations, and the program says what to run', async () => {
    expect(await schemaState(store.database.db)).toEqual({ kind: 'behind', names })
    const failure = assertSchemaCurrent(store.database.db)
    await expect(failure).rejects.toThrow(/0001-portfolios.*pnpm ops migrate/)
    await expect(assertSchemaCurrent(store.database.db)).rejects.toBeInstanceOf(SchemaMismatch)
  })

  test('of four that start at once one applies all migrations and the others none', async () => {
    const databases = await Promise.all([open(), open(), open(), open()])
    const applied = await Promise.all(databases.map(migrateToLatest))
    await Promise.all(databases.map((database) => database[Symbol.asyncDispose]()))
    expect(applied.toSorted((a, b) => b.length - a.length)).toEqual([names, [], [], []])
    expect(await schemaState(store.database.db)).toEqual({ kind: 'current' })
    await expect(assertSchemaCurrent(store.database.db)).resolves.toBeUndefined()
  })

  test('a database of a newer program is left alone, by name', async () => {
    await store.database.pool.query(
      `insert into kysely_migration (name, timestamp) values ('9999-future', now()::text)`,
    )
    expect(await schemaState(store.database.db)).toEqual({ kind: 'newer', names: ['9999-future'] })
    await expect(assertSchemaCurrent(store.database.db)).rejects.toThrow(
      'the database was migrated by a newer program (9999-future): deploy that version',
    )
    await expect(migrateToLatest(store.database)).rejects.toBeInstanceOf(SchemaMismatch)
  })
})

describe('seeded factor definitions', () => {
  let store: TestDatabase
  beforeAll(async () => {
    store = await createEmptyDatabase()
    await migrateToLatest(store.database)
  })
  afterAll(() => store.drop())

  const definitions = async (): Promise<readonly string[]> => {
    const rows = await store.database.db
      .selectFrom('factor_definitions')
      .selectAll()
      .orderBy('display_order')
      .execute()
    return rows.map((row) =>
      [
        row.display_order,
        row.name,
        row.factor_type,
        row.calculation_method,
        row.etf_proxy ?? '-',
        row.short_proxy ?? '-',
        row.window_days,
        row.min_observations,
      ].join(' | '),
    )
  }

  test('are the thirteen factors in display order', async () => {
    expect(await definitions()).toEqual([
      '0 | Market Beta (90D) | market | ols_market | SPY | - | 90 | 30',
      '1 | Provider Beta (1Y) | market | provider | - | - | 252 | 1',
      '2 | IR Beta | macro | ols_ir | TLT | - | 90 | 30',
      '3 | Momentum | style | ridge_regression | MTUM | - | 90 | 30',
      '4 | Value | style | ridge_regression | VTV | - | 90 | 30',
      '5 | Growth | style | ridge_regression | VUG | - | 90 | 30',
      '6 | Size | style | ridge_regression | IWM | - | 90 | 30',
      '7 | Quality | style | ridge_regression | QUAL | - | 90 | 30',
      '8 | Low Volatility | style | ridge_regression | USMV | - | 90 | 30',
      '9 | Growth-Value Spread | style | spread_regression | VUG | VTV | 180 | 60',
      '10 | Momentum Spread | style | spread_regression | MTUM | SPY | 180 | 60',
      '11 | Size Spread | style | spread_regression | IWM | SPY | 180 | 60',
      '12 | Quality Spread | style | spread_regression | QUAL | SPY | 180 | 60',
    ])
  })

  test("an operator's edits and deletions stay", async () => {
    const { db } = store.database
    await db.deleteFrom('factor_definitions').where('name', '=', 'Quality Spread').execute()
    await db
      .updateTable('factor_definitions')
      .set({ window_days: 60 })
      .where('name', '=', 'Size')
      .execute()
    const before = await definitions()
    await seedFactorDefinitions(db)
    expect(await definitions()).toEqual(before)
  })
})

describe('seeded stress scenarios', () => {
  let store: TestDatabase
  beforeAll(async () => {
    store = await createEmptyDatabase()
    await migrateToLatest(store.database)
  })
  afterAll(() => store.drop())

  test('are those of the repository, usable as they come back', async () => {
    const read = readScenarios(await selectActiveScenarios(store.database.db))
    const byId = SCENARIOS.toSorted((a, b) => (a.scenarioId < b.scenarioId ? -1 : 1))
    expect(read).toEqual({ scenarios: byId.filter(({ active }) => active), faults: [] })
  })

  test("an operator's edits and deletions stay", async () => {
    const { db } = store.database
    const all = () => db.selectFrom('stress_test_scenarios').selectAll().orderBy('id').execute()
    await db.deleteFrom('stress_test_scenarios').where('scenario_id', '=', 'vix_spike').execute()
    await db
      .updateTable('stress_test_scenarios')
      .set({ shock_config: '{"Market": -0.01}' })
      .where('scenario_id', '=', 'market_down_5')
      .execute()
    const before = await all()
    await seedStressScenarios(db)
    expect(await all()).toEqual(before)
    expect(before).toHaveLength(SCENARIOS.length - 1)
  })
})
