import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import {
  copyUpsert,
  deleteUnstaged,
  holdRows,
  stageRows,
  transaction,
  upsertFromStage,
  type CopyRow,
} from '../../src/database/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { until } from '../harness/until.ts'

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
    await until('the second writer at the lock', async () => (await pool.query(waiting)).rowCount)
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
      return rows
    })
    expect(changes).toEqual([{ symbol: 'OLD' }])
  })
})

describe('holdRows', () => {
  const columns = [
    { name: 'i', type: 'integer' },
    { name: 'text "quoted"', type: 'text' },
    { name: 'number', type: 'float8' },
    { name: 'list', type: 'text[] collate "C"' },
    { name: 'object', type: 'jsonb' },
  ]
  const texts = ['tab\there', 'a,b', '{x}', '"', '\\', '', 'NULL', 'null', ' ', '漢字 🚀', "it's"]
  const numbers = [0.1, -1e-300, NaN, Infinity, -Infinity, 5e-324]
  const oddRows = Array.from({ length: texts.length }, (_, i): CopyRow => {
    const text = texts[i] ?? null
    const list = `{"one, two",null,"${i}"}`
    return [i, text, numbers[i] ?? null, list, JSON.stringify({ text })]
  })
  function* withMore(count: number): Iterable<CopyRow> {
    yield* oddRows
    for (let i = oddRows.length; i < count; i++) yield [i, null, null, null, null]
  }

  test.each([
    ['few', oddRows.length],
    ['many', 3_000],
  ])('%s rows come back as they went', async (_, count) => {
    const back = await transaction(store.database, async (tx) => {
      const held = await holdRows(tx, { name: 'odd', columns, rows: withMore(count) })
      expect(held.count).toBe(count)
      const { rows } = await sql`
        select * from ${held.from()} where i < ${oddRows.length} order by i
      `.execute(tx.db)
      const some = await sql`select sum(s.i)::int as sum from ${held.from(['i'])}`.execute(tx.db)
      expect(some.rows).toEqual([{ sum: (count * (count - 1)) / 2 }])
      return rows
    })
    expect(back).toEqual(
      oddRows.map(([i, text, number]) => ({
        i,
        'text "quoted"': text,
        number,
        list: ['one, two', null, String(i)],
        object: { text },
      })),
    )
  })

  test.each([
    ['none', 0],
    ['few', 5],
    ['many', 3_000],
  ])('%s: what is held goes in, what is not held goes', async (name, count) => {
    const key = ['metric_date', 'metric_type', 'dimensions']
    const rows = Array.from({ length: count }, (_, i): CopyRow => {
      return ['2024-01-02', `held ${name}`, JSON.stringify({ i }), '{}']
    })
    const write = (some: readonly CopyRow[]) =>
      transaction(store.database, async (tx) => {
        const types = ['date', 'text', 'jsonb', 'jsonb']
        const names = [...key, 'value']
        const columns = names.map((column, i) => ({ name: column, type: types[i] ?? '' }))
        const stage = await holdRows(tx, { name: 'metrics', columns, rows: some })
        const target = { table: 'daily_metrics', key } as const
        const counts = await upsertFromStage(tx, { ...target, stage, columns: names })
        const scope = sql`t.metric_type = ${`held ${name}`}`
        return { ...counts, deleted: await deleteUnstaged(tx, { ...target, stage, scope }) }
      })
    const old: CopyRow = ['2024-01-02', `held ${name}`, '{"old": true}', '{}']
    expect(await write([old])).toEqual({ inserted: 1, updated: 0, deleted: 0 })
    expect(await write(rows)).toEqual({ inserted: count, updated: 0, deleted: 1 })
    expect(await write(rows)).toEqual({ inserted: 0, updated: 0, deleted: 0 })
  })

  test('a row with too few values is refused', async () => {
    const held = transaction(store.database, (tx) =>
      holdRows(tx, { name: 'odd', columns, rows: [[1, 'x']] }),
    )
    await expect(held).rejects.toThrow('2 values')
  })
})
