import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { describeWithShared, sharedFile } from '../../../packages/core/test/harness/shared-data.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../../packages/core/test/harness/test-database.ts'
import { runProgram } from '../../../packages/core/test/harness/run-program.ts'

const STYLES = ['MTUM', 'QUAL', 'SIZE', 'USMV', 'VLUE']
const RIDGE_WINDOWS = [180, 365]
const BETA_BOUND = 5

interface TruthRow {
  readonly [column: string]: string
}

function readTruth(path: string): TruthRow[] {
  const [header = '', ...lines] = readFileSync(sharedFile(path), 'utf8').trimEnd().split('\n')
  const columns = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']))
  })
}

/** `actual` against a reference number that has about 15 digits. */
function expectRelative(
  actual: number | undefined,
  expected: string,
  tolerance: number,
  what: string,
) {
  const wanted = Number(expected)
  const error = Math.abs((actual ?? NaN) - wanted) / Math.abs(wanted)
  if (!(error <= tolerance)) {
    throw new Error(
      `${what}: got ${String(actual)}, expected ${expected} (relative error ${error})`,
    )
  }
}

/** A beta beyond the bound is stored as the bound and says so. */
function expectBeta(actual: Stored | undefined, expected: string, what: string) {
  if (Math.abs(Number(expected)) <= BETA_BOUND) {
    expectRelative(actual?.beta_value, expected, 1e-9, what)
    expect(actual?.quality_flag).toBe('full_history')
  } else {
    expect(actual?.beta_value).toBe(Math.sign(Number(expected)) * BETA_BOUND)
    expect(actual?.quality_flag).toBe('capped')
  }
}

async function defineFactors({ database }: TestDatabase): Promise<void> {
  const define = (name: string, method: string, legs: [string, string | null], window: number) =>
    sql`
    insert into factor_definitions
      (name, factor_type, calculation_method, etf_proxy, short_proxy, window_days, min_observations, display_order)
    values (${name}, ${method === 'ols_market' ? 'market' : 'style'}, ${method}, ${legs[0]}, ${legs[1]}, ${window}, 60, 1)
  `.execute(database.db)
  await sql`delete from factor_definitions`.execute(database.db)
  await define('market', 'ols_market', ['^GSPC', null], 90)
  for (const style of STYLES) {
    await define(`${style} spread`, 'spread_regression', [style, '^GSPC'], 180)
    for (const window of RIDGE_WINDOWS) {
      await define(`${style} ridge ${window}`, 'ridge_regression', [style, null], window)
    }
  }
}

interface Stored {
  readonly beta_value: number
  readonly std_error: number | null
  readonly t_stat: number | null
  readonly r_squared: number | null
  readonly observations: number
  readonly quality_flag: string
}

describeWithShared('factors through the program and the database', () => {
  let world: TestDatabase
  const stored = new Map<string, Stored>()
  const dates = () => [
    ...new Set(readTruth('truth/factors/beta90.csv').map((row) => row['date'] ?? '')),
  ]

  beforeAll(async () => {
    world = await createTestDatabase()
    await defineFactors(world)
    const symbols = [
      ...new Set(readTruth('truth/factors/beta90.csv').map((row) => row['symbol'] ?? '')),
    ]
    await sql`insert into symbol_universe (symbol) select unnest(${symbols}::text[])`.execute(
      world.database.db,
    )
    for (const date of dates()) {
      const ended = await runProgram(
        'apps/symbol-batch/src/main.ts',
        ['--date', date, '--no-backfill', '--summary-json'],
        {
          DATABASE_URL: world.url,
          BATCH_V2_ENABLED: 'true',
          PRICE_PROVIDERS: 'file',
          PRICE_FILE_PATH: sharedFile('data/us-adjusted/bars.csv.gz'),
          SIGMASIGHT_NOW: '2022-12-29T02:00:00Z',
        },
      )
      if (ended.code !== 0) throw new Error(`exit ${String(ended.code)}\n${ended.stderr}`)
    }
    const { rows } = await sql<Stored & { symbol: string; name: string; calculation_date: string }>`
      select e.*, d.name from symbol_factor_exposures e join factor_definitions d on d.id = e.factor_id
    `.execute(world.database.db)
    for (const row of rows) stored.set(`${row.calculation_date} ${row.symbol} ${row.name}`, row)
  }, 300_000)

  afterAll(async () => {
    await world.drop()
  })

  test('every market beta agrees with statsmodels: beta 1e-9, standard error 1e-8', () => {
    const truth = readTruth('truth/factors/beta90.csv')
    expect(truth).toHaveLength(250)
    for (const row of truth) {
      const key = `${row['date'] ?? ''} ${row['symbol'] ?? ''} market`
      const actual = stored.get(key)
      expectBeta(actual, row['beta'] ?? '', key)
      expectRelative(actual?.std_error ?? NaN, row['se_beta'] ?? '', 1e-8, `${key} standard error`)
      expectRelative(actual?.t_stat ?? NaN, row['t_beta'] ?? '', 1e-8, `${key} t`)
      expectRelative(actual?.r_squared ?? NaN, row['r2'] ?? '', 1e-8, `${key} R2`)
      expect(actual?.observations).toBe(Number(row['nobs']))
    }
  })

  test('every joint ridge beta agrees with scikit-learn within 1e-9', () => {
    const truth = readTruth('truth/factors/ridge.csv').filter(
      (row) => row['window_kind'] === 'obs' && row['variant'] === 'std',
    )
    expect(truth).toHaveLength(400)
    for (const row of truth) {
      for (const style of STYLES) {
        const key = `${row['date'] ?? ''} ${row['symbol'] ?? ''} ${style} ridge ${row['window'] ?? ''}`
        const actual = stored.get(key)
        expectBeta(actual, row[`coef_${style}`] ?? '', key)
        expectRelative(actual?.r_squared ?? NaN, row['r2'] ?? '', 1e-9, `${key} R2`)
        expect(actual?.observations).toBe(Number(row['nobs']))
      }
    }
  })

  test('every spread beta agrees with statsmodels: beta 1e-9, standard error 1e-8', () => {
    const truth = readTruth('truth/factors/spread180.csv')
    expect(truth).toHaveLength(1000)
    for (const row of truth) {
      const style = (row['spread'] ?? '').replace('-MKT', '')
      const key = `${row['date'] ?? ''} ${row['symbol'] ?? ''} ${style} spread`
      const actual = stored.get(key)
      expectBeta(actual, row['beta'] ?? '', key)
      expectRelative(actual?.std_error ?? NaN, row['se_beta'] ?? '', 1e-8, `${key} standard error`)
      expectRelative(actual?.r_squared ?? NaN, row['r2'] ?? '', 1e-8, `${key} R2`)
    }
  })
})
