import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { portOf } from '../../apps/api/test/harness/port-of.ts'
import {
  runProgram,
  startProgram,
  type EndedProgram,
} from '../../packages/core/test/harness/run-program.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../packages/core/test/harness/test-database.ts'

const FRIDAY_NIGHT = '2026-11-21T02:00:00Z'
/** The short put of the fund has expired on Friday the 27th. */
const MONDAY_NIGHT = '2026-12-01T02:00:00Z'

/** Each test starts several programs, on a machine that may be busy. */
const PROGRAMS_MS = 300_000

describe('the demo from an empty database', () => {
  let store: TestDatabase
  let started: EndedProgram

  beforeAll(async () => {
    store = await createTestDatabase()
    started = await start(FRIDAY_NIGHT)
  }, PROGRAMS_MS)
  afterAll(() => store.drop())

  function environment(now: string) {
    return { DATABASE_URL: store.url, SIGMASIGHT_NOW: now }
  }

  function start(now: string) {
    return runProgram('scripts/src/start/main.ts', ['--once'], environment(now))
  }

  function ops(now: string, ...args: readonly string[]) {
    return runProgram('scripts/src/ops/main.ts', args, environment(now))
  }

  async function count(condition: string): Promise<number> {
    const { rows } = await sql
      .raw<{ n: number }>(`select count(*)::int as n from ${condition}`)
      .execute(store.database.db)
    return rows[0]?.n ?? 0
  }

  test('ends with portfolios, their P&L, and exposures beside the true values', () => {
    expect([started.code, started.stderr]).toEqual([0, ''])
    for (const name of ['Retail Long-Only', 'High Net Worth', 'Long/Short Fund']) {
      expect(started.stdout).toMatch(new RegExp(`^${name} +2026-11-20 .* 0 +0$`, 'm'))
    }
    expect(started.stdout).toMatch(/^Market Beta \(90D\) .*\+\/-.*\(/m)
  })

  test('without --once serves the API on it, for a log-in it tells, until it is told to stop', async () => {
    const { process: child, ended } = startProgram('scripts/src/start/main.ts', [], {
      ...environment(FRIDAY_NIGHT),
      PORT: '0',
      LOG_LEVEL: 'info',
    })
    let said = ''
    child.stdout?.on('data', (text: string) => (said += text))
    const port = await portOf({ process: child, ended })
    const [, email, password] = /^log in +(\S+) with (\S+)$/m.exec(said) ?? []
    const api = `http://127.0.0.1:${port}/api/v1`
    const login = await fetch(`${api}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
    const { access_token } = (await login.json()) as { access_token: string }
    const headers = { authorization: `Bearer ${access_token}` }
    const reply = await fetch(`${api}/portfolios`, { headers })
    const { portfolios } = (await reply.json()) as { portfolios: { snapshot_date: string }[] }
    expect(portfolios.map(({ snapshot_date }) => snapshot_date)).toEqual(
      Array(3).fill('2026-11-20'),
    )
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
  })

  test('has most true exposures inside their bands', () => {
    const [, inside, all] = /^(\d+) of (\d+) bands hold/m.exec(started.stdout) ?? []
    expect(Number(all)).toBe(36)
    expect(Number(inside)).toBeGreaterThanOrEqual(30)
  })

  test('makes a snapshot of each portfolio for the 25 sessions before, too', async () => {
    expect(await count('portfolio_snapshots where is_complete')).toBe(3 * 26)
    expect(await count('portfolio_snapshots where is_partial or positions_stale > 0')).toBe(0)
  })

  test('brings the closes of the contracts that the fund holds', async () => {
    expect(
      await count("positions where investment_class = 'OPTIONS' and price_status = 'current'"),
    ).toBe(4)
  })

  test(
    'is found right by every check',
    async () => {
      for (const command of [
        'verify-demo-portfolios',
        'doctor',
        'verify',
        'diagnose-equity-cash',
      ]) {
        const { code, stdout, stderr } = await ops(FRIDAY_NIGHT, command)
        expect([command, code, stderr]).toEqual([command, 0, ''])
        expect(stdout).not.toContain('!')
      }
    },
    PROGRAMS_MS,
  )

  test(
    'is found incomplete one session later, until it is started again',
    async () => {
      const before = await ops(MONDAY_NIGHT, 'verify-demo-portfolios')
      expect(before.code).toBe(1)
      expect(before.stdout).toContain(
        '! Long/Short Fund: 5 of 31 snapshots lacking through 2026-11-30, first 2026-11-23, latest there 2026-11-20',
      )
      const again = await start(MONDAY_NIGHT)
      expect([again.code, again.stderr]).toEqual([0, ''])
      expect(again.stdout).toContain('3 with 43 lots, there already')
      expect(
        await count(
          "position_realized_events where reason = 'expiry' and trade_date = '2026-11-27'",
        ),
      ).toBe(1)
      expect((await ops(MONDAY_NIGHT, 'verify-demo-portfolios')).code).toBe(0)
      expect((await ops(MONDAY_NIGHT, 'verify', '--date', '2026-11-20')).code).toBe(0)
    },
    PROGRAMS_MS,
  )

  test(
    'is found wrong by every check when a figure of the newest snapshot is',
    async () => {
      await sql`update portfolio_snapshots set cash_value = cash_value + 5 where snapshot_date = '2026-11-30'`.execute(
        store.database.db,
      )
      const codes: Record<string, number | null> = {}
      for (const command of [
        'verify-demo-portfolios',
        'doctor',
        'verify',
        'diagnose-equity-cash',
      ]) {
        const { code, stdout } = await ops(MONDAY_NIGHT, command)
        codes[command] = code
        expect(stdout).toContain('High Net Worth')
      }
      expect(codes).toEqual({
        'verify-demo-portfolios': 1,
        doctor: 1,
        verify: 3,
        'diagnose-equity-cash': 0,
      })
      const { stdout } = await ops(MONDAY_NIGHT, 'diagnose-equity-cash', '--json')
      const flags = (JSON.parse(stdout) as { isFlagged: boolean }[]).map(
        ({ isFlagged }) => isFlagged,
      )
      expect(flags).toEqual([true, true, true])
    },
    PROGRAMS_MS,
  )

  test('answers a date that is none with one line', async () => {
    const { code, stderr } = await ops(MONDAY_NIGHT, 'verify', '--date', '2026-11-26')
    expect(code).toBe(2)
    expect(stderr).toBe(
      'ops: --date 2026-11-26 is not a trading session: the nearest is 2026-11-25\n',
    )
  })
})
