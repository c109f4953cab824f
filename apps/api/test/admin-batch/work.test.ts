import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { until } from '../../../../packages/core/test/harness/until.ts'
import type { UserCaller } from '../harness/api-world.ts'
import { EVENING, morningAfter, type MorningAfter } from './night.ts'

const BATCH = '/api/v1/admin/batch'

let morning: MorningAfter
beforeEach(async () => {
  morning = await morningAfter()
})
afterEach(async () => {
  await morning[Symbol.asyncDispose]()
})

interface Run {
  readonly job_type: string
  readonly status: string
  readonly reason: string | null
}

interface Started {
  readonly status: string
  readonly batch_run_ids: readonly string[]
  readonly symbols: number
  readonly portfolios: number
}

/** A run when it has ended. */
function ended(admin: UserCaller, id = ''): Promise<Run> {
  return until(
    'its end',
    async () => (await admin.get<Run>(`${BATCH}/run/${id}`)).body,
    ({ status }) => status !== 'running',
  )
}

/** Posts, and waits until the last of its runs has ended. */
async function work(path: string): Promise<{ readonly started: Started; readonly run: Run }> {
  const { admin } = morning
  const { status, body } = await admin.post<Started>(`${BATCH}/${path}`)
  expect(status).toBe(202)
  const id = body.batch_run_ids.at(-1)
  return { started: body, run: await ended(admin, id) }
}

const count = async (table: string) => {
  const { rows } = await sql<{
    rows: number
  }>`select count(*)::int as rows from ${sql.table(table)}`.execute(morning.night.db)
  return rows[0]?.rows
}

describe('a trigger', () => {
  test('of market data brings back prices that are missing', async () => {
    const { db } = morning.night
    const before = await count('market_data_cache')
    await sql`delete from market_data_cache where symbol = 'ALTO' and date = ${EVENING}`.execute(db)
    const { run } = await work('trigger/market-data')
    expect(run.status).toBe('completed')
    expect(await count('market_data_cache')).toBe(before)
  })

  test('of correlations computes them again though everything is done', async () => {
    const { db } = morning.night
    await sql`update correlation_calculations set overall_correlation = 9`.execute(db)
    const { run } = await work('trigger/correlations')
    expect(run.status).toMatch(/^completed/)
    const { rows } = await sql<{ wrong: number }>`
      select count(*)::int as wrong from correlation_calculations where overall_correlation = 9
    `.execute(db)
    expect(rows).toEqual([{ wrong: 0 }])
  })

  test('of company profiles runs that phase alone', async () => {
    const { run, started } = await work('trigger/company-profiles')
    expect(run.status).toMatch(/^completed/)
    const one = await morning.admin.get<{ summary: { dates: readonly { phases: object }[] } }>(
      `${BATCH}/history/${started.batch_run_ids[0] ?? ''}`,
    )
    expect(Object.keys(one.body.summary.dates[0]?.phases ?? {})).toEqual(['company_profiles'])
  })
})

interface Quality {
  readonly counts: Readonly<Record<'symbols' | 'portfolios', { total: number; lacking: number }>>
  readonly symbols: readonly { readonly symbol: string; readonly lacks: readonly string[] }[]
  readonly portfolios: readonly { readonly name: string; readonly lacks: readonly string[] }[]
}

const quality = async () => (await morning.admin.get<Quality>(`${BATCH}/data-quality`)).body

describe('data quality', () => {
  test('is whole after a good night, and then there is nothing to refresh', async () => {
    const { counts, symbols, portfolios } = await quality()
    expect(symbols.filter(({ lacks }) => lacks.length > 0)).toEqual([])
    expect(portfolios.filter(({ lacks }) => lacks.length > 0)).toEqual([])
    expect(counts.portfolios).toEqual({ total: 1, lacking: 0 })
    const answer = await morning.admin.post(`${BATCH}/data-quality/refresh`)
    expect(answer).toMatchObject({ status: 200, body: { status: 'nothing_lacking' } })
  })

  test('names what is lacking, and a refresh brings that and nothing else', async () => {
    const { db } = morning.night
    await sql`delete from market_data_cache where symbol = 'ALTO' and date = ${EVENING}`.execute(db)
    await sql`delete from portfolio_snapshots`.execute(db)
    const lacking = await quality()
    expect(lacking.symbols[0]).toMatchObject({ symbol: 'ALTO', lacks: ['price'] })
    expect(lacking.counts.symbols.lacking).toBe(1)
    expect(lacking.portfolios[0]).toMatchObject({ name: 'Long', lacks: ['snapshot'] })
    const { started, run } = await work('data-quality/refresh')
    expect(started).toMatchObject({ symbols: 1, portfolios: 1 })
    expect(run.status).toMatch(/^completed/)
    const { rows } = await sql<{ locks: string }>`
      select progress ->> 'lock_names' as locks from batch_run_history
      where source = 'admin' order by started_at, created_at
    `.execute(db)
    expect(rows.map(({ locks }) => locks)).toEqual([
      '["symbol_batch:symbols:ALTO"]',
      '["portfolio_refresh"]',
    ])
    const after = await quality()
    expect(after.counts.symbols.lacking + after.counts.portfolios.lacking).toBe(0)
  })
})

test('in legacy mode the combined batch does it all, and a refresh by itself is refused', async () => {
  await using legacy = await morningAfter({ env: { BATCH_V2_ENABLED: 'false' } })
  const { admin } = legacy
  const refused = await admin.post(`${BATCH}/run`, { job: 'portfolio_refresh' })
  expect(refused).toMatchObject({ status: 409, body: { code: 'V2_DISABLED' } })
  await sql`delete from portfolio_snapshots`.execute(legacy.night.db)
  const { body } = await admin.post<Started>(`${BATCH}/run`)
  expect(body.batch_run_ids).toHaveLength(1)
  const run = await ended(admin, body.batch_run_ids[0])
  expect(run.job_type).toBe('legacy_batch')
  expect(run.status).toMatch(/^completed/)
})
