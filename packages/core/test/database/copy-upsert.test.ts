import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import {
  copyUpsert,
  stageRows,
  transaction,
  upsertFromStage,
  type CopyRow,
} from '../../src/database/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await createTestDatabase()
})
afterAll(() => store.drop())

const EXPOSURES = {
  table: 'symbol_factor_exposures',
  columns: [
    { name: 'symbol', type: 'text' },
    { name: 'factor_id', type: 'uuid' },
    { name: 'calculation_date', type: 'date' },
    { name: 'beta_value', type: 'double precision' },
    { name: 'std_error', type: 'double precision' },
    { name: 'calculation_method', type: 'text' },
  ],
  key: ['calculation_date', 'symbol', 'factor_id'],
  compare: ['beta_value', 'std_error'],
} as const

const FACTOR = '00000000-0000-4000-8000-000000000001'
const row = (symbol: string, date: string, beta: number, error: number | null): CopyRow => [
  symbol,
  FACTOR,
  date,
  beta,
  error,
  'ols_market',
]
const upsert = (rows: readonly CopyRow[], more = {}) =>
  transaction(store.database, (tx) => copyUpsert(tx, { ...EXPOSURES, ...more }, rows))

describe('copyUpsert', () => {
  test('inserts new rows, updates changed ones, and leaves equal ones unwritten', async () => {
    const rows = [row('AAA', '2023-12-29', 1.25, 0.5), row('AAA', '2024-01-02', 1.5, null)]
    expect(await upsert(rows)).toEqual({ inserted: 2, updated: 0 })
    const written = sql<{
      xmin: string
    }>`select xmin::text, xmax::text, ctid::text from symbol_factor_exposures order by 1`
    const before = await written.execute(store.database.db)
    expect(await upsert(rows)).toEqual({ inserted: 0, updated: 0 })
    expect((await written.execute(store.database.db)).rows).toEqual(before.rows)
    const changed = [row('AAA', '2023-12-29', 1.25, 0.6), row('BBB', '2024-01-02', 0.1, 0.2)]
    expect(await upsert(changed)).toEqual({ inserted: 1, updated: 1 })
  })

  test('an incoming null overwrites, unless its column coalesces', async () => {
    await upsert([row('NUL', '2024-01-02', 1, 0.25)])
    const kept = await upsert([row('NUL', '2024-01-02', 1, null)], { coalesce: ['std_error'] })
    expect(kept).toEqual({ inserted: 0, updated: 0 })
    expect(await upsert([row('NUL', '2024-01-02', 1, null)])).toEqual({ inserted: 0, updated: 1 })
  })

  test('onChange touches changed rows only', async () => {
    const touch = { onChange: { updated_at: sql`timestamptz '2001-01-01 00:00:00+00'` } }
    await upsert([row('CHG', '2024-01-02', 1, null), row('CHG', '2024-01-03', 1, null)], touch)
    await upsert([row('CHG', '2024-01-02', 1, null), row('CHG', '2024-01-03', 2, null)], touch)
    const rows = await store.database.db
      .selectFrom('symbol_factor_exposures')
      .select(['calculation_date', 'updated_at'])
      .where('symbol', '=', 'CHG' as Ticker)
      .orderBy('calculation_date')
      .execute()
    expect(rows.map(({ updated_at }) => updated_at.getUTCFullYear() === 2001)).toEqual([
      false,
      true,
    ])
  })

  test('no rows are no work', async () => {
    expect(await upsert([])).toEqual({ inserted: 0, updated: 0 })
  })

  test('a row with too few values is refused and nothing is stored', async () => {
    await expect(upsert([row('BAD', '2024-01-02', 1, null), ['BAD']])).rejects.toThrow('1 values')
    const rows = await store.database.db
      .selectFrom('symbol_factor_exposures')
      .select('symbol')
      .where('symbol', '=', 'BAD' as Ticker)
      .execute()
    expect(rows).toEqual([])
  })

  test('a value of the wrong type fails the transaction, and the connection is usable again', async () => {
    const bad = [...row('BAD', '2024-01-02', 1, null)]
    bad[2] = 'not a date'
    await expect(upsert([bad])).rejects.toThrow('not a date')
    expect(await upsert([row('GOOD', '2024-01-02', 1, null)])).toEqual({ inserted: 1, updated: 0 })
  })

  test('a writer that meets the same new key in another transaction waits, then updates', async () => {
    const { pool } = store.database
    const written = Promise.withResolvers<undefined>()
    const gate = Promise.withResolvers<undefined>()
    const first = transaction(store.database, async (tx) => {
      const counts = await copyUpsert(tx, EXPOSURES, [row('RACE', '2024-01-02', 1, null)])
      written.resolve(undefined)
      await gate.promise
      return counts
    })
    await written.promise
    const second = upsert([row('RACE', '2024-01-02', 2, null)])
    const waiting = `select from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock'`
    while ((await pool.query(waiting)).rowCount === 0) await nextTurn()
    gate.resolve(undefined)
    expect(await Promise.all([first, second])).toEqual([
      { inserted: 1, updated: 0 },
      { inserted: 0, updated: 1 },
    ])
  })

  test('one key twice in one batch is an error, not a matter of luck', async () => {
    const twice = [row('TWO', '2024-01-02', 1, null), row('TWO', '2024-01-02', 2, null)]
    await expect(upsert(twice)).rejects.toThrow('second time')
  })
})

function* numbered(count: number): Iterable<CopyRow> {
  for (let i = 0; i < count; i++) yield [i, 'x'.repeat(20)]
}

describe('stageRows', () => {
  const texts = [
    'tab\there',
    'line\nbreak\r\n',
    'back\\slash \\N \\. \\t',
    'ünïcödé 漢字 🚀 ‏',
    '',
    '\\N',
    '\\.',
    'null',
  ]
  const numbers = [0.1, -1e-300, 1.7976931348623157e308, NaN, Infinity, -Infinity, 5e-324, -0]

  test('every text and number comes back as it went', async () => {
    const length = Math.max(texts.length, numbers.length)
    const rows = Array.from({ length }, (_, i) => [i, texts[i] ?? null, numbers[i] ?? null])
    const back = await transaction(store.database, async (tx) => {
      await stageRows(tx, {
        name: 'odd values',
        columns: [
          { name: 'i', type: 'integer' },
          { name: 'text "quoted"', type: 'text' },
          { name: 'number', type: 'float8' },
        ],
        rows,
      })
      const result = await tx.client.query<unknown[]>({
        text: 'select * from "odd values" order by i',
        rowMode: 'array',
      })
      return result.rows
    })
    expect(back).toEqual(rows.map(([i, text, number]) => [i, text, number === 0 ? 0 : number]))
  })

  test('more rows than fit one chunk arrive, each once', async () => {
    const count = 30_000
    const stage = {
      name: 'many',
      columns: [
        { name: 'i', type: 'integer' },
        { name: 'padding', type: 'text' },
      ],
      rows: numbered(count),
    }
    const sums = await transaction(store.database, async (tx) => {
      expect(await stageRows(tx, stage)).toBe(count)
      const { rows } = await sql<{ rows: number; sum: number }>`
        select count(*) as rows, sum(i)::bigint as sum from many
      `.execute(tx.db)
      return rows[0]
    })
    expect(sums).toEqual({ rows: count, sum: (count * (count - 1)) / 2 })
  })

  test('a producer that throws ends the transaction with its error', async () => {
    function* broken(): Iterable<CopyRow> {
      yield ['AAA']
      throw new Error('the source broke')
    }
    const staging = transaction(store.database, (tx) =>
      stageRows(tx, { name: 's', columns: [{ name: 'a', type: 'text' }], rows: broken() }),
    )
    await expect(staging).rejects.toThrow('the source broke')
    expect((await store.database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  test('a stage can be compared with the table before it is written, and replaced', async () => {
    const changes = await transaction(store.database, async (tx) => {
      await tx.db
        .insertInto('symbol_universe')
        .values({ symbol: 'OLD' as Ticker })
        .execute()
      const columns = [
        { name: 'symbol', type: 'text' },
        { name: 'sector', type: 'text' },
      ]
      await stageRows(tx, { name: 'universe', columns, rows: [['WRONG', 'x']] })
      await stageRows(tx, {
        name: 'universe',
        columns,
        rows: [
          ['OLD', 'Energy'],
          ['NEW', null],
        ],
      })
      const { rows } = await sql<{ symbol: string }>`
        select s.symbol from universe s join symbol_universe u using (symbol)
      `.execute(tx.db)
      const counts = await upsertFromStage(tx, {
        stage: 'universe',
        table: 'symbol_universe',
        columns: ['symbol', 'sector'],
        key: ['symbol'],
      })
      return { known: rows, counts }
    })
    expect(changes).toEqual({ known: [{ symbol: 'OLD' }], counts: { inserted: 1, updated: 1 } })
  })
})
