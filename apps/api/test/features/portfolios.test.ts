import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import {
  BACKFILL,
  BACKFILL_SESSIONS,
  backfillFacts,
} from '../../../../packages/core/test/portfolios/backfill-book.ts'
import { tryAdvisoryLock } from '../../../../packages/core/src/database/index.ts'
import { PortfolioWorld } from '../../../../packages/core/test/portfolios/portfolio-world.ts'
import { ApiWorld, type UserCaller } from '../harness/api-world.ts'

interface Position {
  readonly id: string
  readonly symbol: string
  readonly dataStatus: string
  readonly open_quantity: number
  readonly exit_date: string | null
}
interface Recompute {
  readonly status: string
  readonly from: string | null
  readonly sessions: number
}

/** On the evening of 22 July 2025, over the books of the backfill. */
let market: PortfolioWorld
let world: ApiWorld
let owner: UserCaller
let stranger: UserCaller

beforeAll(async () => {
  market = await PortfolioWorld.create()
  await market.facts(backfillFacts())
  await market.symbolBatchDone(...BACKFILL_SESSIONS)
  await market.refresh(BACKFILL.to)
  world = await ApiWorld.start({
    store: market.store,
    now: '2025-07-23T01:30:00Z',
    // Nobody fetches prices for what the books lack on purpose.
    env: { BATCH_V2_ENABLED: 'false' },
  })
  owner = await world.as({
    id: market.userId,
    email: 'owner@example.com',
    fullName: 'Owner',
    isAdmin: false,
  })
  stranger = await world.user()
})
afterAll(async () => {
  await world.stop()
  await market[Symbol.asyncDispose]()
})

async function urlOf(name: string): Promise<string> {
  const rows = await market.rows<{ id: string }>(
    sql`select id from portfolios where name = ${name}`,
  )
  return `/api/v1/portfolios/${rows[0]?.id ?? ''}`
}

async function positionsOf(url: string): Promise<readonly Position[]> {
  const { body } = await owner.get<{ positions: readonly Position[] }>(`${url}/positions`)
  return body.positions
}

describe('portfolios', () => {
  test('are listed with their latest value, to their owner alone', async () => {
    const { status, body } = await owner.get<{ portfolios: { name: string }[] }>(
      '/api/v1/portfolios',
    )
    expect(status).toBe(200)
    expect(body.portfolios).toHaveLength(12)
    expect(body.portfolios.find(({ name }) => name === 'empty')).toMatchObject({
      snapshot_date: BACKFILL.to,
      equity_balance: 5010.01,
      net_asset_value: 5010.01,
      num_positions: 0,
      recompute: { status: 'none', sessions: 0 },
    })
    expect((await stranger.get('/api/v1/portfolios')).body).toEqual({ portfolios: [] })
  })

  test("another's is not there, whatever is asked of it", async () => {
    const url = await urlOf('empty')
    const asked = await Promise.all([
      stranger.get(url),
      stranger.patch(url, { name: 'mine' }),
      stranger.delete(url),
      stranger.get(`${url}/positions`),
      stranger.get(`${url}/snapshots`),
      stranger.get(`${url}/snapshots/export`),
      stranger.post(`${url}/equity-changes`, flow('CONTRIBUTION', 1, '2025-07-10')),
    ])
    for (const { status, body } of asked) {
      expect({ status, code: (body as unknown as { code: string }).code }).toEqual({
        status: 404,
        code: 'PORTFOLIO_NOT_FOUND',
      })
    }
    expect((await owner.get(url)).status).toBe(200)
  })

  test('are renamed; an account name is taken once; equity is no field of this', async () => {
    const url = await urlOf('mixed 7')
    const changed = await owner.patch(url, { name: 'Seven', description: '  ' })
    expect(changed).toMatchObject({ status: 200, body: { name: 'Seven', description: null } })
    const { body } = await owner.get<{ account_name: string }>(await urlOf('mixed 6'))
    const taken = await owner.patch(url, { account_name: body.account_name })
    expect(taken).toMatchObject({ status: 409, body: { code: 'PORT_001' } })
    expect((await owner.patch(url, { initial_equity: 1 })).status).toBe(400)
    expect((await owner.patch(url, { name: ' ' })).status).toBe(400)
  })

  test('are deleted, and then not there', async () => {
    const url = await urlOf('mixed 6')
    expect((await owner.delete(url)).status).toBe(204)
    expect((await owner.get(url)).status).toBe(404)
    expect((await owner.delete(url)).status).toBe(404)
  })
})

describe('snapshots', () => {
  test('are read between dates', async () => {
    const url = await urlOf('empty')
    const query = 'from=2025-07-08&to=2025-07-10'
    const { body } = await owner.get<{
      snapshots: { snapshot_date: string; equity_balance: number; daily_capital_flow: number }[]
    }>(`${url}/snapshots?${query}`)
    expect(
      body.snapshots.map((row) => [row.snapshot_date, row.equity_balance, row.daily_capital_flow]),
    ).toEqual([
      ['2025-07-08', 5000, 0],
      ['2025-07-09', 5010.01, 10.01],
      ['2025-07-10', 5010.01, 0],
    ])
    for (const bad of ['from=2025-02-30', 'to=today', 'from=2025-07-08&from=2025-07-09', 'x=1']) {
      expect((await owner.get(`${url}/snapshots?${bad}`)).status).toBe(400)
    }
  })

  test('are a CSV file', async () => {
    const { headers, text } = await owner.get(
      `${await urlOf('empty')}/snapshots/export?to=2025-07-02`,
    )
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toBe('attachment; filename="empty-snapshots.csv"')
    const [header = '', first = ''] = text.split('\r\n')
    expect(header).toMatch(/^snapshot_date,equity_balance,net_asset_value,/)
    expect(first).toMatch(/^2025-07-01,5000.00,5000.00,/)
  })
})

describe('positions', () => {
  test('say whether there are prices for them', async () => {
    const positions = await positionsOf(await urlOf('private'))
    expect(positions.map(({ symbol, dataStatus }) => [symbol, dataStatus])).toEqual([
      ['DYNA', 'available'],
      ['HOUSE', 'available'],
    ])
    const mixed = await positionsOf(await urlOf('mixed 5'))
    // Its last close is ten sessions old.
    expect(mixed.find(({ symbol }) => symbol === 'GALE')).toMatchObject({
      dataStatus: 'unavailable',
      price_status: 'missing',
      last_price_date: '2025-07-08',
      error: 'no_price_data',
    })
  })

  test('are entered: what is outdated is computed before the answer', async () => {
    const url = await urlOf('mixed 1')
    const lot = { symbol: 'dyna', quantity: '-1.5', entry_price: 90, entry_date: '2025-07-15' }
    const { status, body } = await owner.post<{
      position: Position
      recompute: Recompute
    }>(`${url}/positions`, lot)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      position: {
        symbol: 'DYNA',
        position_type: 'SHORT',
        quantity: -1.5,
        open_quantity: -1.5,
        dataStatus: 'available',
        last_price_date: BACKFILL.to,
      },
      recompute: { status: 'completed', from: '2025-07-15', to: BACKFILL.to, sessions: 6 },
    })
    const again = await owner.post(`${url}/positions`, lot)
    expect(again).toMatchObject({ status: 409, body: { code: 'POS_023' } })
    const removed = await owner.delete(`${url}/positions/${body.position.id}`)
    expect(removed).toMatchObject({ status: 200, body: { recompute: { status: 'completed' } } })
    expect((await owner.get(`${url}/positions/${body.position.id}`)).status).toBe(404)
  })

  test('of a symbol nobody held before are pending until it has a price', async () => {
    const url = await urlOf('mixed 2')
    const { body } = await owner.post<{ position: Position }>(`${url}/positions`, {
      symbol: 'NEWCO',
      quantity: 10,
      entry_price: 5,
      entry_date: '2025-07-22',
    })
    expect(body.position.dataStatus).toBe('pending')
  })

  test('that cannot be are refused with the codes of an upload, each by its field', async () => {
    const { status, body } = await owner.post<{
      errors: { field: string; code: string }[]
    }>(`${await urlOf('mixed 1')}/positions`, {
      symbol: 'A B',
      quantity: 0,
      entry_price: 0,
      entry_date: '2026-01-01',
    })
    expect(status).toBe(400)
    expect(body.errors.map(({ field, code }) => [field, code])).toEqual([
      ['body.symbol', 'POS_003'],
      ['body.quantity', 'POS_006'],
      ['body.entry_price', 'POS_010'],
      ['body.entry_date', 'POS_014'],
    ])
  })

  test('keep quantity and entry; notes change without anything being computed', async () => {
    const url = await urlOf('mixed 0')
    const [position] = await positionsOf(url)
    const one = `${url}/positions/${position?.id ?? ''}`
    const changed = await owner.patch(one, { notes: 'mine' })
    expect(changed).toMatchObject({
      status: 200,
      body: { position: { notes: 'mine' }, recompute: { status: 'none' } },
    })
    const refused = await owner.patch(one, { quantity: 5 })
    expect(refused).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
    expect(refused.text).toContain('delete the position and enter it again')
  })

  test('are closed in part and whole; what was closed is told, and taken back', async () => {
    const url = await urlOf('private')
    const share = (await positionsOf(url)).find(({ symbol }) => symbol === 'DYNA')
    const one = `${url}/positions/${share?.id ?? ''}`
    const close = (quantity: unknown, date = '2025-07-17') =>
      owner.post<{ closing_id: string }>(`${one}/close`, { quantity, price: 81.125, date })
    expect(await close('120.5')).toMatchObject({
      status: 201,
      body: { realized_pnl: 120.5, recompute: { status: 'completed', sessions: 4 } },
    })
    expect(await close(80)).toMatchObject({ status: 400, body: { code: 'CLOSE_004' } })
    expect(await close(0)).toMatchObject({ status: 400, body: { code: 'CLOSE_001' } })
    expect(await close(1, '2025-07-23')).toMatchObject({ body: { code: 'CLOSE_003' } })
    const rest = await close(79.5)
    expect(rest.status).toBe(201)
    const { body } = await owner.get<Position & { closings: object[] }>(one)
    expect(body).toMatchObject({
      open_quantity: 0,
      exit_date: '2025-07-17',
      closings: [{ quantity_closed: 120.5 }, { quantity_closed: 79.5 }],
    })
    expect((await owner.delete(`${one}/closings/${rest.body.closing_id}`)).status).toBe(200)
    expect((await owner.get<Position>(one)).body).toMatchObject({
      open_quantity: 79.5,
      exit_date: null,
    })
  })

  test('of PRIVATE are valued by hand, others are not', async () => {
    const url = await urlOf('private')
    const positions = await positionsOf(url)
    const idOf = (wanted: string) => positions.find(({ symbol }) => symbol === wanted)?.id ?? ''
    const valuation = { valuation_date: '2025-07-21', market_value: 500_000.25 }
    const valued = await owner.post<{ valuation_id: string }>(
      `${url}/positions/${idOf('HOUSE')}/valuations`,
      valuation,
    )
    expect(valued).toMatchObject({ status: 201, body: { recompute: { sessions: 2 } } })
    const { body } = await owner.get(`${url}/positions/${idOf('HOUSE')}`)
    expect(body).toMatchObject({ market_value: 500_000.25, price_status: 'manual' })
    const other = await owner.post(`${url}/positions/${idOf('DYNA')}/valuations`, valuation)
    expect(other).toMatchObject({ status: 400, body: { code: 'VALUATION_001' } })
    const back = `${url}/positions/${idOf('HOUSE')}/valuations/${valued.body.valuation_id}`
    expect((await owner.delete(back)).status).toBe(200)
    expect((await owner.delete(back)).status).toBe(404)
  })

  test('are a CSV file in which no text is a formula, and numbers stay numbers', async () => {
    const url = await urlOf('mixed 0')
    const [position] = await positionsOf(url)
    const notes = '=HYPERLINK("http://evil.example","x")'
    await owner.patch(`${url}/positions/${position?.id ?? ''}`, { notes })
    const { headers, text } = await owner.get(`${url}/positions/export`)
    expect(headers.get('content-disposition')).toContain('mixed_0-positions.csv')
    expect(text).toContain('"\'=HYPERLINK(""http://evil.example"",""x"")"')
    expect(text).toMatch(/\r\nDYNA,-5,90.9,2025-07-12,PUBLIC,/)
  })
})

describe('contributions and withdrawals', () => {
  test('are entered, corrected and taken back, and the equity follows', async () => {
    const url = await urlOf('empty')
    const equity = async () =>
      (await owner.get<{ equity_balance: number }>(url)).body.equity_balance
    const added = await owner.post<{ equity_change: { id: string } }>(
      `${url}/equity-changes`,
      flow('CONTRIBUTION', '100.10', '2025-07-12'),
    )
    expect(added).toMatchObject({
      status: 201,
      body: { equity_change: { amount: 100.1 }, recompute: { from: '2025-07-14', sessions: 7 } },
    })
    expect(await equity()).toBe(5110.11)
    const one = `${url}/equity-changes/${added.body.equity_change.id}`
    const changed = await owner.patch(one, { change_type: 'WITHDRAWAL', change_date: '2025-07-10' })
    expect(changed).toMatchObject({ status: 200, body: { recompute: { from: '2025-07-10' } } })
    expect(await equity()).toBe(4909.91)
    expect((await owner.get<object>(`${url}/equity-changes`)).body).toMatchObject({
      equity_changes: [{ amount: 10.01 }, { change_type: 'WITHDRAWAL', amount: 100.1 }],
    })
    expect((await owner.delete(one)).status).toBe(200)
    expect(await equity()).toBe(5010.01)
    expect(await owner.get(one)).toMatchObject({ status: 404, body: { code: 'EQUITY_004' } })
    expect(await owner.delete(one)).toMatchObject({ status: 404, body: { code: 'EQUITY_004' } })
  })

  test.each([
    ['EQUITY_001', flow('CONTRIBUTION', 0, '2025-07-10')],
    ['EQUITY_001', flow('WITHDRAWAL', -1, '2025-07-10')],
    ['EQUITY_002', flow('CONTRIBUTION', 1, '2025-07-23')],
    ['EQUITY_003', flow('WITHDRAWAL', 5010.02, '2025-07-22')],
    ['EQUITY_003', flow('WITHDRAWAL', 5000.01, '2025-07-03')],
    ['VALIDATION_FAILED', flow('CONTRIBUTION', 0.001, '2025-07-10')],
    ['VALIDATION_FAILED', flow('GIFT', 1, '2025-07-10')],
  ])('%s answers %j', async (code, body) => {
    const refused = await owner.post(`${await urlOf('empty')}/equity-changes`, body)
    expect(refused).toMatchObject({ status: 400, body: { code } })
  })
})

test('a long recomputation goes on in the background, and the portfolio shows it', async () => {
  const url = await urlOf('debt')
  const id = url.split('/').at(-1) ?? ''
  // A year of sessions, all of them to be computed again.
  await sql`
    insert into portfolio_snapshots (portfolio_id, snapshot_date, equity_balance, is_complete)
    select ${id}::uuid, date, 100, true
    from (select distinct date from market_data_cache where date < '2025-07-01') d
  `.execute(market.db)
  // As a run of the portfolio does, for which it waits: it cannot be through before one looks.
  await using lock = await tryAdvisoryLock(market.store.url, `portfolio_refresh:portfolio:${id}`)
  expect(lock).not.toBeNull()
  const { body } = await owner.post<{ recompute: Recompute }>(
    `${url}/equity-changes`,
    flow('CONTRIBUTION', 1, '2025-03-11'),
  )
  expect(body.recompute).toMatchObject({ status: 'running', from: '2025-03-11' })
  expect(body.recompute.sessions).toBeGreaterThan(60)
  const during = await owner.get<{ recompute: Recompute }>(url)
  expect(during.body.recompute).toMatchObject({ status: 'running' })
  expect(during.body.recompute.sessions).toBeGreaterThan(0)
})

function flow(change_type: string, amount: unknown, change_date: string) {
  return { change_type, amount, change_date }
}
