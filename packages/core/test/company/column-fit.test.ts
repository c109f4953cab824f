import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import { sql } from 'kysely'
import { ColumnFit, type ColumnType } from '../../src/company/column-fit.ts'
import { stageRows, transaction } from '../../src/database/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

const NUMERIC = ['numeric(18,2)', 'numeric(18,6)', 'double precision'] as const

function takeAll(type: ColumnType, values: readonly (string | number | boolean | null)[]) {
  const fit = new ColumnFit('AAPL' as Ticker)
  return { taken: values.map((value) => fit.take('field', type, value)), refused: fit.refused }
}

describe('a value fits its column', () => {
  test('when it has no more digits than the column, is finite and no text', () => {
    expect(takeAll('numeric(18,2)', [9.9e15, -9.9e15, 1e16, -1e16]).taken).toEqual([
      9.9e15,
      -9.9e15,
      null,
      null,
    ])
    expect(takeAll('numeric(18,6)', [9.9e11, 1e12, Number.NaN]).taken).toEqual([9.9e11, null, null])
    expect(takeAll('double precision', [1e300, Infinity, 'x']).taken).toEqual([1e300, null, null])
  })

  test('as text of one line, without control characters, of a sensible length', () => {
    const { taken, refused } = takeAll('text', [
      ' Alto\n Holding ',
      '',
      'nul\0',
      '\ud800',
      'x'.repeat(501),
      null,
    ])
    expect(taken).toEqual(['Alto Holding', null, null, null, null, null])
    expect(refused.map(({ value }) => value)).toEqual([
      String.raw`"nul\u0000"`,
      String.raw`"\ud800"`,
      `"${'x'.repeat(40)}"... (501 characters)`,
    ])
  })

  test('as a date that exists and as a truth value', () => {
    expect(takeAll('date', ['2025-02-28', '2025-02-29', 'soon']).taken).toEqual([
      '2025-02-28',
      null,
      null,
    ])
    expect(takeAll('boolean', [true, false, null]).taken).toEqual(['true', 'false', null])
  })

  test('or is reported with its symbol, its field and what it was', () => {
    const fit = new ColumnFit('AAPL' as Ticker)
    fit.take('market_cap', 'numeric(18,2)', 1e30)
    expect(fit.refused).toEqual([{ symbol: 'AAPL', field: 'market_cap', value: '1e+30' }])
  })
})

describe('the database takes every value that fits', () => {
  let store: TestDatabase
  beforeAll(async () => {
    store = await createTestDatabase()
  })
  afterAll(() => store.drop())

  async function copied(type: ColumnType, values: readonly (string | number)[]) {
    const { taken } = takeAll(type, values)
    const rows = taken.map((value, i) => [i, value])
    const columns = [
      { name: 'i', type: 'integer' },
      { name: 'value', type },
    ]
    return transaction(store.database, async (tx) => {
      await stageRows(tx, { name: 'fit_stage', columns, rows })
      const { rows: stored } = await sql<{ value: number | string | null }>`
        select value from fit_stage order by i
      `.execute(tx.db)
      return { taken, stored: stored.map(({ value }) => value) }
    })
  }

  test.each(NUMERIC)('numbers of any size, as %s', async (type) => {
    const edges = [1e12, 1e16].flatMap((edge) => [edge, edge * (1 - 2 ** -53), -edge])
    const numbers = fc.array(fc.oneof(fc.double(), fc.double({ min: -2e16, max: 2e16 })), {
      minLength: 100,
      maxLength: 200,
    })
    await fc.assert(
      fc.asyncProperty(numbers, async (random) => {
        const { taken, stored } = await copied(type, [...edges, ...random])
        const decimals = { 'numeric(18,2)': 0.005, 'numeric(18,6)': 5e-7, 'double precision': 0 }
        for (const [i, value] of taken.entries()) {
          const back = stored[i] ?? null
          if (value === null || back === null) expect(back).toBe(value)
          else {
            // Large numbers are further apart than the column's decimals.
            const tolerance = decimals[type] * 1.01 + Math.abs(Number(value)) * Number.EPSILON
            expect(Math.abs(Number(back) - Number(value))).toBeLessThanOrEqual(tolerance)
          }
        }
      }),
      { numRuns: 10 },
    )
  })

  test('text of any characters', async () => {
    const texts = fc.array(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })),
      {
        minLength: 50,
      },
    )
    await fc.assert(
      fc.asyncProperty(texts, async (random) => {
        const { taken, stored } = await copied('text', random)
        expect(stored).toEqual(taken)
      }),
      { numRuns: 10 },
    )
  })
})
