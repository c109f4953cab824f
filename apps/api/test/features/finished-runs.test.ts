import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { runProgram } from '../../../../packages/core/test/harness/run-program.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../../../packages/core/test/harness/test-database.ts'
import { ApiWorld, UserCaller } from '../harness/api-world.ts'

const EVENINGS = ['2025-07-10', '2025-07-11'] as const
/** Within so long of its end a run shows in every server. */
const LIMIT_MS = 2_000

let store: TestDatabase
let servers: readonly ApiWorld[]
let admin: UserCaller
let portfolioId: string
beforeAll(async () => {
  store = await createTestDatabase()
  const { db } = store.database
  await sql`insert into symbol_universe (symbol) values ('ALTO'), ('LOOM')`.execute(db)
  await night(EVENINGS[0], 'symbol-batch')
  const now = `${EVENINGS[1]}T23:00:00Z`
  const first = await ApiWorld.start({ store, now })
  servers = [first, await ApiWorld.start({ store, now })]
  admin = await first.admin()
  const { rows } = await sql<{ id: string }>`
    insert into portfolios
      (user_id, name, account_name, account_type, equity_balance, initial_equity, equity_as_of)
    values (${admin.user.id}, 'Book', 'book', 'taxable', 100000, 100000, ${EVENINGS[0]}) returning id
  `.execute(db)
  portfolioId = rows[0]?.id ?? ''
  await sql`
    insert into positions
      (portfolio_id, symbol, position_type, investment_class, quantity, entry_price, entry_date, quantity_basis_date)
    values (${portfolioId}, 'ALTO', 'LONG', 'PUBLIC', 100, 60, '2025-06-02', '2025-06-02')
  `.execute(db)
})
afterAll(async () => {
  for (const server of servers) await server.stop()
  await store.drop()
})

/** A cron program in a process of its own, to its end. */
async function night(date: string, program: 'symbol-batch' | 'portfolio-refresh'): Promise<void> {
  const env = {
    DATABASE_URL: store.url,
    BATCH_V2_ENABLED: 'true',
    PRICE_PROVIDERS: 'synthetic',
    SIGMASIGHT_NOW: `${date}T23:00:00Z`,
  }
  const { code, stderr } = await runProgram(`apps/${program}/src/main.ts`, ['--date', date], env)
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${stderr}`)
}

/** How long it takes until every server says what is expected. */
async function timeUntil(look: (caller: UserCaller) => Promise<boolean>): Promise<number> {
  const ended = performance.now()
  for (const { url } of servers) {
    const caller = new UserCaller(url, admin.token, admin.user)
    while (!(await look(caller)) && performance.now() - ended < 10 * LIMIT_MS) await sleep(10)
  }
  return performance.now() - ended
}

interface Overview {
  readonly calculation_date: string | null
  readonly data: { readonly net_asset_value: number } | null
}
const overview = `/api/v1/analytics/portfolio/`

describe('a cron program that ends in another process', () => {
  test('shows its prices in every server within two seconds, without a restart', async () => {
    const pricesOf = async (caller: UserCaller) => {
      const { body } = await caller.get<{ symbols: { prices_date: string } }>(
        '/api/v1/admin/cache/status',
      )
      return body.symbols.prices_date
    }
    await timeUntil(async (caller) => (await pricesOf(caller)) === EVENINGS[0])
    await night(EVENINGS[1], 'symbol-batch')
    const elapsed = await timeUntil(async (caller) => (await pricesOf(caller)) === EVENINGS[1])
    expect(elapsed).toBeLessThan(LIMIT_MS)
  })

  test('shows its snapshots, also where an answer was made before', async () => {
    const read = async (caller: UserCaller) =>
      (await caller.get<Overview>(`${overview}${portfolioId}/overview`)).body
    await timeUntil(async (caller) => (await read(caller)).calculation_date === null)
    for (const date of EVENINGS) {
      await night(date, 'portfolio-refresh')
      const elapsed = await timeUntil(async (caller) => {
        const { calculation_date, data } = await read(caller)
        return calculation_date === date && data !== null && data.net_asset_value > 0
      })
      expect(elapsed).toBeLessThan(LIMIT_MS)
    }
  })
})
