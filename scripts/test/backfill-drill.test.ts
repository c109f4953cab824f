import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { hashResults, type ResultTable } from '../../packages/core/test/harness/result-tables.ts'
import { runProgram, type EndedProgram } from '../../packages/core/test/harness/run-program.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../packages/core/test/harness/test-database.ts'

/** The demo: three portfolios with a snapshot of each of 26 sessions. */
const [FIRST, LAST] = ['2026-10-16', '2026-11-20']
const SESSIONS = 26
const WHOLE = ['--start-date', FIRST, '--end-date', LAST]
const BROKEN = '2026-11-04'

/** Each step starts several programs, on a machine that may be busy. */
const PROGRAMS_MS = 300_000

/** What people entered and what was fetched, as one hash. */
const RAW = `
  select md5(string_agg(row, '|' order by row)) as hash from (
    select concat_ws(' ', 'portfolio', id, name, initial_equity, equity_as_of, is_active) as row from portfolios
    union all select concat_ws(' ', 'lot', id, symbol, quantity, entry_price, entry_date) from positions
    union all select concat_ws(' ', 'trade', e::text) from position_realized_events e where reason = 'trade'
    union all select concat_ws(' ', 'valuation', v::text) from position_valuations v
    union all select concat_ws(' ', 'flow', c::text) from equity_changes c
    union all select concat_ws(' ', 'bar', m::text) from market_data_cache m
    union all select concat_ws(' ', 'beta', s::text) from symbol_factor_exposures s) as raw`

interface Summary {
  readonly batch_run_id: string | null
  readonly status: string
  readonly reason?: string
  readonly dates: readonly {
    readonly date: string
    readonly status: string
    readonly phases: Readonly<Record<string, { readonly status: string }>>
  }[]
}

/** The steps of docs/backfill.md, one after the other, on the demo. */
describe('the backfill drill', () => {
  let store: TestDatabase
  let archive: string
  let tables: Readonly<Record<string, ResultTable>>
  let raw: string
  const archived: Summary[] = []

  beforeAll(async () => {
    store = await createTestDatabase()
    archive = await mkdtemp(join(tmpdir(), 'drill-'))
    const steps = [
      await run('scripts/src/ops/main.ts', 'seed-demo'),
      await run('apps/symbol-batch/src/main.ts', ...WHOLE, '--quiet'),
      await run('apps/portfolio-refresh/src/main.ts', '--quiet'),
    ]
    expect(steps.map(({ code }) => code)).toEqual([0, 0, 0])
    tables = await hashResults(store.database.db)
    raw = await hashRaw()
  }, PROGRAMS_MS)
  afterAll(async () => {
    await rm(archive, { recursive: true })
    await store.drop()
  })

  function run(script: string, ...args: readonly string[]): Promise<EndedProgram> {
    return runProgram(script, args, {
      DATABASE_URL: store.url,
      SIGMASIGHT_NOW: '2026-11-21T02:00:00Z',
      BATCH_V2_ENABLED: 'true',
      PRICE_PROVIDERS: 'synthetic',
      OPTION_PRICE_PROVIDERS: 'synthetic',
    })
  }

  function clearDerived(...args: readonly string[]) {
    return run('scripts/src/ops/main.ts', 'clear-derived', ...WHOLE, ...args)
  }

  /** Runs portfolio-refresh; summary and log go to the archive. */
  async function refresh(name: string, ...args: readonly string[]) {
    const file = join(archive, `${name}.json`)
    const log = ['--log-json', '--log-file', join(archive, `${name}.log`)]
    const script = 'apps/portfolio-refresh/src/main.ts'
    const { code, stdout } = await run(script, ...args, '--summary-json', file, ...log)
    const summary = JSON.parse(await readFile(file, 'utf8')) as Summary
    if (summary.batch_run_id !== null) archived.push(summary)
    return { code, summary, stdout }
  }

  async function hashRaw(): Promise<string> {
    const { rows } = await sql.raw<{ hash: string }>(RAW).execute(store.database.db)
    return rows[0]?.hash ?? ''
  }

  test('nothing is cleared without --yes: the counts are printed', async () => {
    const { code, stdout, stderr } = await clearDerived()
    expect([code, stderr]).toEqual([2, 'ops: nothing was deleted: --yes does what is listed\n'])
    expect(rowsOf(stdout)).toMatchObject({
      portfolio_snapshots: [3 * SESSIONS],
      factor_exposures: [tables['factor_exposures']?.rows],
      position_greeks: [tables['position_greeks']?.rows],
      stress_test_results: [tables['stress_test_results']?.rows],
      batch_run_tracking: [SESSIONS],
    })
    expect(await hashResults(store.database.db)).toEqual(tables)
  })

  test('clearing deletes what was derived and nothing else', async () => {
    const planned = rowsOf((await clearDerived()).stdout)
    const { code, stdout } = await clearDerived('--yes')
    expect(code).toBe(0)
    expect(stdout).toContain(`${FIRST} to ${LAST}, 3 portfolios reset`)
    const expected = Object.entries(planned).map(([table, [n = 0]]) => [table, [n, 0]])
    expect(rowsOf(stdout)).toEqual(Object.fromEntries(expected))
    expect(await hashRaw()).toBe(raw)
  })

  test(
    'a slice that fails ends the run with 1, its log and summary say where',
    async () => {
      const db = store.database.db
      await sql`
        create function refuse() returns trigger language plpgsql as
        $$ begin raise exception 'the drill refuses'; end $$`.execute(db)
      await sql`
        create trigger refuse before insert on portfolio_snapshots for each row
        when (new.snapshot_date = ${sql.lit(BROKEN)}) execute function refuse()`.execute(db)
      const { code, summary, stdout } = await refresh('1-all', ...WHOLE, '--chunk-days', '7')
      expect([code, summary.status]).toEqual([1, 'failed'])
      const failed = summary.dates.filter(({ status }) => status === 'failed')
      expect(failed[0]).toMatchObject({ date: BROKEN, phases: { snapshots: { status: 'failed' } } })
      // Portfolios that failed are not tried on later dates, which are therefore not done either.
      expect(failed).toHaveLength(summary.dates.filter(({ date }) => date >= BROKEN).length)
      const results = stdout
        .split('\n')
        .filter((line) => line.includes('"message":"phase_result"'))
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
      expect(results.find(({ status }) => status === 'failed')).toMatchObject({
        level: 'error',
        phase: 'snapshots',
        batch_date: BROKEN,
        failed: 3,
      })
      await sql`drop function refuse cascade`.execute(db)
    },
    PROGRAMS_MS,
  )

  test(
    'its failed phases are run again alone, then what the portfolios still lack',
    async () => {
      const retry = await refresh('2-retry', '--target-date', BROKEN, '--retry-failed-phases')
      expect([retry.code, retry.summary.status]).toEqual([0, 'completed'])
      expect(retry.summary.dates.map(({ date }) => date)).toEqual([BROKEN])
      expect(Object.keys(retry.summary.dates[0]?.phases ?? {})).not.toContain('factor_gaps')
      const rest = await refresh('3-rest', ...WHOLE, '--chunk-days', '7')
      expect([rest.code, rest.summary.status]).toEqual([0, 'completed'])
      expect(rest.summary.dates.map(({ date }) => date)).not.toContain(BROKEN)
      const again = await refresh('4-again', ...WHOLE, '--chunk-days', '7')
      expect([again.code, again.summary.reason]).toEqual([0, 'nothing_to_do'])
    },
    PROGRAMS_MS,
  )

  test('every table says what it said before', async () => {
    expect(await hashResults(store.database.db)).toEqual(tables)
    expect(await hashRaw()).toBe(raw)
    expect(rowsOf((await clearDerived()).stdout)).toMatchObject({
      portfolio_snapshots: [3 * SESSIONS],
    })
  })

  test(
    'verify and doctor are clean',
    async () => {
      for (const command of ['verify', 'doctor']) {
        const { code, stdout } = await run('scripts/src/ops/main.ts', command)
        expect([command, code, stdout.includes('expected')]).toEqual([command, 0, false])
      }
    },
    PROGRAMS_MS,
  )

  test('the archived summaries are what the ledger has', async () => {
    const rows = await store.database.db
      .selectFrom('batch_run_history')
      .select(['batch_run_id', 'summary'])
      .execute()
    const ledger = new Map(rows.map(({ batch_run_id, summary }) => [batch_run_id, summary]))
    expect(archived).toHaveLength(3)
    for (const summary of archived) expect(ledger.get(summary.batch_run_id ?? '')).toEqual(summary)
  })
})

/** Table → the numbers beside it, of a printed table. */
function rowsOf(text: string): Readonly<Record<string, readonly number[]>> {
  const lines = text.matchAll(/^([a-z_]+)((?: +\d+)+)$/gm)
  return Object.fromEntries(
    [...lines].map(([, table = '', numbers = '']) => [
      table,
      numbers.trim().split(/ +/).map(Number),
    ]),
  )
}
