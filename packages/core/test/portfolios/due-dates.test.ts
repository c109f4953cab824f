import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { range, sessionsFrom } from '../batch/batch-world.ts'
import { PortfolioWorld } from './portfolio-world.ts'

const SESSIONS = sessionsFrom('2025-07-01', '2025-07-22')
const LAST = '2025-07-22'
const at = (i: number) => SESSIONS.at(i) ?? ''

describe('what is due', () => {
  let world: PortfolioWorld
  beforeAll(async () => {
    world = await PortfolioWorld.create()
  })
  beforeEach(async () => {
    await world.clear()
    for (const [i, date] of SESSIONS.entries())
      await world.bars('ACME', { [date]: String(100 + i) })
  })
  afterAll(() => world[Symbol.asyncDispose]())

  /** A portfolio with ten shares of ACME since the first session. */
  async function holder(name: string, asOf = at(0)): Promise<string> {
    const id = await world.portfolio({ name, equity: '10000.00', asOf })
    await world.lot(id, { symbol: 'ACME', quantity: '10', entry: '100', entryDate: '2025-06-02' })
    return id
  }

  /** What identifies the stored version of each row, and when the product last changed it. */
  const versions = () =>
    world.rows<{ id: string; session: string; version: string }>(sql`
      select portfolio_id as id, snapshot_date::text as session, concat(xmin, ' ', updated_at) as version
      from portfolio_snapshots order by 1, 2
    `)

  test('for portfolios that lag by one to eleven sessions is what each lacks, and no more', async () => {
    const ids: string[] = []
    for (let lag = 1; lag <= 11; lag++) ids.push(await holder(`lag ${lag}`))
    for (const [i, id] of ids.entries()) {
      const evening = at(SESSIONS.length - 2 - i)
      await world.refresh(evening, { scope: { kind: 'portfolio', portfolioId: id } })
    }
    const before = await versions()
    const result = await world.refresh(LAST)
    const due = result.dates.map(({ date, phases }) => [date, phases['snapshots']?.processed])
    expect(due).toEqual(Array.from({ length: 11 }, (_, i) => [at(i - 11), i + 1]))
    for (const id of ids) expect(await world.sessions(id)).toEqual(SESSIONS)
    const after = await versions()
    expect(after).toEqual(expect.arrayContaining([...before]))
    expect(after).toHaveLength(11 * SESSIONS.length)
    const pnl = await world.rows(
      sql`select distinct cumulative_pnl::text as pnl from portfolio_snapshots where snapshot_date = ${LAST}`,
    )
    expect(pnl).toEqual([{ pnl: '140.00' }])
  })

  test('is a hole, with all later snapshots again', async () => {
    const [holed, whole] = [await holder('holed'), await holder('whole')]
    await world.refresh(at(10))
    await sql`delete from portfolio_snapshots where portfolio_id = ${holed} and snapshot_date = ${at(4)}`.execute(
      world.db,
    )
    await sql`insert into equity_changes (portfolio_id, change_type, amount, change_date) values (${holed}, 'CONTRIBUTION', 7, ${at(4)})`.execute(
      world.db,
    )
    const before = (await versions()).filter(({ id }) => id === whole)
    const result = await world.refresh(at(10))
    expect(result.dates.map(({ date }) => date)).toEqual(SESSIONS.slice(4, 11))
    expect(result.dates.map(({ phases }) => phases['snapshots']?.processed)).toEqual([
      1, 1, 1, 1, 1, 1, 1,
    ])
    const flows = await world.snapshots(holed, 'daily_capital_flow', 'daily_pnl')
    expect(flows.slice(3, 6)).toEqual([
      [at(3), '0.00', '10.00'],
      [at(4), '7.00', '10.00'],
      [at(5), '0.00', '10.00'],
    ])
    expect(
      await world.rows(sql`select equity_balance::text as e from portfolios where id = ${holed}`),
    ).toEqual([{ e: '10107.00' }])
    expect((await versions()).filter(({ id }) => id === whole)).toEqual(before)
  })

  test('by --force from a date is that date and all later ones, the equity that of the newest', async () => {
    const id = await holder('forced')
    await world.refresh(at(10))
    await sql`update portfolio_snapshots set equity_balance = 1, cumulative_pnl = 1 where snapshot_date >= ${at(3)}`.execute(
      world.db,
    )
    await sql`update portfolios set equity_balance = 1`.execute(world.db)
    const result = await world.refresh(at(10), { ...range(at(3), at(3)), force: true })
    expect(result.dates.map(({ date }) => date)).toEqual(SESSIONS.slice(3, 11))
    expect(await world.snapshots(id, 'equity_balance', 'daily_pnl')).toEqual(
      SESSIONS.slice(0, 11).map((date, i) => [
        date,
        `${10000 + 10 * i}.00`,
        i === 0 ? '0.00' : '10.00',
      ]),
    )
    expect(await world.rows(sql`select equity_balance::text as e from portfolios`)).toEqual([
      { e: '10100.00' },
    ])
    expect(await world.rows(sql`select last_price_date::text as d from positions`)).toEqual([
      { d: at(10) },
    ])
  })

  test('is a slot that a crash left incomplete', async () => {
    const id = await holder('crashed')
    await world.refresh(at(2))
    await sql`insert into portfolio_snapshots (portfolio_id, snapshot_date) values (${id}, ${at(3)})`.execute(
      world.db,
    )
    expect(await world.sessions(id)).toEqual(SESSIONS.slice(0, 3))
    const result = await world.refresh(at(3))
    expect(result.dates.map(({ date }) => date)).toEqual([at(3)])
    expect((await world.snapshots(id, 'equity_balance')).at(-1)).toEqual([at(3), '10030.00'])
    await sql`update portfolio_snapshots set is_complete = false where snapshot_date = ${at(1)}`.execute(
      world.db,
    )
    await world.refresh(at(3))
    expect(await world.sessions(id)).toEqual(SESSIONS.slice(0, 4))
  })

  test('is nothing where all is complete: no row is written, no history', async () => {
    await holder('done')
    await world.refresh(at(5))
    const [before, runs] = [await versions(), await history()]
    const result = await world.refresh(at(5))
    expect(result).toMatchObject({
      status: 'completed',
      reason: 'nothing_to_do',
      batch_run_id: null,
      dates: [],
    })
    expect([await versions(), await history()]).toEqual([before, runs])
  })

  test('by --force with the same facts writes no snapshot again', async () => {
    await holder('same')
    await world.refresh(at(5))
    const before = await versions()
    const result = await world.refresh(at(5), { ...range(at(0), at(5)), force: true })
    expect(result.dates).toHaveLength(6)
    expect(await versions()).toEqual(before)
  })

  const history = async () =>
    (await world.rows<{ n: number }>(sql`select count(*)::int as n from batch_run_history`))[0]?.n

  test('leaves out what is not active or deleted', async () => {
    const [sleeping, deleted, active] = [
      await holder('sleeping'),
      await holder('deleted'),
      await holder('active'),
    ]
    await sql`update portfolios set is_active = false where id = ${sleeping}`.execute(world.db)
    await sql`update portfolios set deleted_at = now() where id = ${deleted}`.execute(world.db)
    await world.refresh(at(1))
    expect(await world.sessions(sleeping)).toEqual([])
    expect(await world.sessions(deleted)).toEqual([])
    expect(await world.sessions(active)).toEqual([at(0), at(1)])
  })

  test('is cut by --max-catchup for a known portfolio, with an alert, and not for a new one', async () => {
    const known = await holder('known')
    await world.refresh(at(1))
    const fresh = await holder('fresh')
    const result = await world.refresh(at(9), { maxCatchup: 3 })
    expect(await world.sessions(known)).toEqual([at(0), at(1), at(7), at(8), at(9)])
    expect(await world.sessions(fresh)).toEqual(SESSIONS.slice(0, 10))
    expect(result.alerts).toEqual([
      `5 older sessions without a completed run were left out by --max-catchup; run --start-date ${at(2)} --end-date ${at(6)}`,
    ])
    await world.refresh(at(9), range(at(2), at(6)))
    expect(await world.sessions(known)).toEqual(SESSIONS.slice(0, 10))
    expect(
      (await world.snapshots(known, 'daily_pnl')).slice(1).every(([, pnl]) => pnl === '10.00'),
    ).toBe(true)
  })

  test('is nothing on a date without any bar in the whole market, which is alerted', async () => {
    const id = await holder('holiday')
    await world.refresh(at(1))
    await sql`delete from market_data_cache where date = ${at(3)}`.execute(world.db)
    const result = await world.refresh(at(4))
    expect(await world.sessions(id)).toEqual([at(0), at(1), at(2), at(4)])
    expect(result.alerts).toEqual([
      `no symbol has a price on ${at(3)}: no snapshots of these dates`,
    ])
    expect((await world.snapshots(id, 'daily_pnl')).at(-1)).toEqual([at(4), '20.00'])
  })

  test('is nothing on such a date even when nothing else is due, which is alerted as well', async () => {
    const id = await holder('holiday')
    await world.refresh(at(1))
    await sql`delete from market_data_cache where date = ${at(2)}`.execute(world.db)
    const result = await world.refresh(at(2))
    expect(await world.sessions(id)).toEqual([at(0), at(1)])
    expect(result.alerts).toEqual([
      `no symbol has a price on ${at(2)}: no snapshots of these dates`,
    ])
  })
})
