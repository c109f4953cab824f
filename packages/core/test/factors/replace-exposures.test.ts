import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import { transaction } from '../../src/database/index.ts'
import type { FactorDefinition } from '../../src/factors/definition.ts'
import type { FactorResult } from '../../src/factors/factor-result.ts'
import { replaceExposures, selectActiveDefinitions } from '../../src/factors/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

const YESTERDAY = '2025-07-09' as SessionDate
const TODAY = '2025-07-10' as SessionDate

let store: TestDatabase
let definitions: readonly FactorDefinition[]
beforeAll(async () => {
  store = await createTestDatabase()
  definitions = await selectActiveDefinitions(store.database.db)
})
afterAll(() => store.drop())

/** A result in which every symbol has a value of every factor, but those symbols that have none. */
function resultOf(count: number, withoutValue: ReadonlySet<number> = new Set()): FactorResult {
  const symbols = Array.from(
    { length: count },
    (_, i) => `S${String(i).padStart(5, '0')}` as Ticker,
  )
  const values = (value: number) => new Float64Array(count).fill(value)
  return {
    symbols,
    skipped: [],
    missingProxies: [],
    diagnostics: [],
    estimates: definitions.map((definition) => ({
      definition,
      beta: values(1.1),
      stdError: values(0.1),
      tStat: values(11),
      rSquared: values(0.5),
      observations: new Int32Array(count).fill(90),
      quality: symbols.map((_, i) => (withoutValue.has(i) ? null : 'full_history')),
      regularizationAlpha: null,
      regressionWindowDays: 90,
    })),
  }
}

/** Fails when a statement takes longer than so many milliseconds. */
const replace = (date: SessionDate, result: FactorResult, limit: number) =>
  transaction(store.database, async (tx) => {
    await sql`set local statement_timeout = ${sql.lit(limit)}`.execute(tx.db)
    return replaceExposures(tx, date, result)
  })

describe("a night's factor rows", () => {
  test('of a date that the statistics of the table do not know are written in moments, and again, and in part', async () => {
    const count = 1_500
    const rows = count * definitions.length
    await replace(YESTERDAY, resultOf(count), 60_000)
    await store.database.pool.query('vacuum analyze symbol_factor_exposures')
    // A plan that compares each row with all others takes ten times as long.
    const limit = 4_000
    expect(await replace(TODAY, resultOf(count), limit)).toEqual({
      inserted: rows,
      updated: 0,
      deleted: 0,
    })
    expect(await replace(TODAY, resultOf(count), limit)).toEqual({
      inserted: 0,
      updated: 0,
      deleted: 0,
    })
    expect(await replace(TODAY, resultOf(count, new Set([3, 700])), limit)).toEqual({
      inserted: 0,
      updated: 0,
      deleted: 2 * definitions.length,
    })
  })
})
