import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { range } from '../batch/batch-world.ts'
import { PortfolioWorld } from './portfolio-world.ts'

/** Two weeks around the expiration Friday, whose evening closes the contract. */
const [THU, FRI, MON, TUE, WED] = [
  '2025-07-17',
  '2025-07-18',
  '2025-07-21',
  '2025-07-22',
  '2025-07-23',
]
const [NEXT_THU, NEXT_FRI, LATER] = ['2025-07-24', '2025-07-25', '2025-07-28']
const SYMBOL = 'ACME250718C00150000'
const TOTALS = [
  'equity_balance',
  'daily_pnl',
  'cumulative_pnl',
  'cash_value',
  'num_positions',
] as const

describe('a short call held through its expiry', () => {
  let world: PortfolioWorld
  let id: string
  let lot: string
  beforeAll(async () => {
    world = await PortfolioWorld.create()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  beforeEach(async () => {
    await world.clear()
    for (const date of [THU, FRI, MON, TUE, WED, NEXT_THU, NEXT_FRI, LATER])
      await world.bars('SPY', { [date]: '600' })
    await world.bars('ACME', {
      [THU]: '155',
      [MON]: '170',
      [TUE]: '171',
      [WED]: '172',
      [NEXT_THU]: '173',
      [NEXT_FRI]: '174',
      [LATER]: '175',
    })
    await world.bars(SYMBOL, { [THU]: '6' })
    id = await world.portfolio({ name: 'writer', equity: '10000.00', asOf: THU })
    lot = await world.lot(id, {
      symbol: SYMBOL,
      investmentClass: 'OPTIONS',
      underlying: 'ACME',
      quantity: '-2',
      entry: '9',
      entryDate: '2025-06-20',
    })
  })

  const events = () =>
    world.rows(sql`
      select trade_date::text as date, quantity_closed::text as quantity, exit_price::text as price,
             realized_pnl::text as realized, reason
      from position_realized_events order by trade_date, reason
    `)
  const active = async (date: string) =>
    (await world.rows(sql`select id from active_positions(${date})`)).length
  /** Assigned at 157.25 − 150: 7.25 against 6 of Thursday costs 2 · 100 · 1.25. Entered at 9: 350 realized. */
  const settled = {
    date: FRI,
    quantity: '2.000000',
    price: '7.250000',
    realized: '350.00',
    reason: 'expiry',
  }
  const snapshots = [
    [THU, '10000.00', '0.00', '0.00', '11200.00', '1'],
    [FRI, '9750.00', '-250.00', '-250.00', '9750.00', '0'],
    [MON, '9750.00', '0.00', '-250.00', '9750.00', '0'],
  ]

  test('closes at intrinsic value by an event, and is active no more', async () => {
    await world.bars('ACME', { [FRI]: '157.25' })
    await world.nights(THU, FRI)
    expect(await events()).toEqual([settled])
    expect(
      await world.position(
        lot,
        'exit_price',
        'exit_date',
        'market_value',
        'realized_pnl',
        'unrealized_pnl',
      ),
    ).toEqual(['7.250000', FRI, '0.00', '350.00', '0.00'])
    expect([await active(THU), await active(FRI), await active(MON)]).toEqual([1, 0, 0])
    await world.refresh(MON)
    expect(await world.snapshots(id, ...TOTALS)).toEqual(snapshots)
  })

  test('stays closed as it was on every later night', async () => {
    await world.bars('ACME', { [FRI]: '157.25' })
    await world.nights(THU, LATER)
    expect(await events()).toEqual([settled])
    expect((await world.snapshots(id, ...TOTALS)).slice(0, 3)).toEqual(snapshots)
    expect((await world.snapshots(id, 'cumulative_pnl')).map(([, pnl]) => pnl)).toEqual([
      '0.00',
      ...Array.from({ length: 7 }, () => '-250.00'),
    ])
  })

  test('waits for a close of the underlying that is late, and settles the night it comes', async () => {
    await world.nights(THU, MON)
    expect(await events()).toEqual([])
    expect((await world.snapshots(id, ...TOTALS)).slice(1)).toEqual([
      [FRI, '10000.00', '0.00', '0.00', '11200.00', '1'],
      [MON, '10000.00', '0.00', '0.00', '11200.00', '1'],
    ])
    await world.bars('ACME', { [FRI]: '157.25' })
    await world.refresh(TUE)
    expect(await events()).toEqual([settled])
    expect((await world.snapshots(id, ...TOTALS)).at(-1)).toEqual([
      TUE,
      '9750.00',
      '-250.00',
      '-250.00',
      '9750.00',
      '0',
    ])
  })

  /** By Friday's missing close: Thursday's 155 gives 5, a dollar less than the mark of 6. */
  const settledLate = {
    date: FRI,
    quantity: '2.000000',
    price: '5.000000',
    realized: '800.00',
    reason: 'expiry',
  }

  test('takes the last close before after five sessions, night by night as in one run', async () => {
    await world.nights(THU, LATER)
    expect(await events()).toEqual([settledLate])
    const nightly = await world.snapshots(id, ...TOTALS)
    expect(nightly.map((row) => row[3])).toEqual([
      '0.00',
      '0.00',
      '0.00',
      '0.00',
      '0.00',
      '0.00',
      '200.00',
      '200.00',
    ])
    await sql`delete from portfolio_snapshots`.execute(world.db)
    await sql`delete from position_realized_events`.execute(world.db)
    await sql`update positions set exit_price = null, exit_date = null`.execute(world.db)
    await world.refresh(LATER)
    expect(await events()).toEqual([settledLate])
    expect(await world.snapshots(id, ...TOTALS)).toEqual(nightly)
  })

  test('recomputed by --force while it waited gives the same snapshots', async () => {
    await world.refresh(LATER)
    const before = await world.snapshots(id, ...TOTALS)
    await world.refresh(LATER, { ...range(FRI, LATER), force: true })
    expect(await world.snapshots(id, ...TOTALS)).toEqual(before)
    expect(await events()).toEqual([settledLate])
  })

  test('waits again when only sessions before the settlement are there and are forced', async () => {
    await world.nights(THU, LATER)
    const nightly = await world.snapshots(id, ...TOTALS)
    await sql`delete from portfolio_snapshots where snapshot_date > ${WED}`.execute(world.db)
    expect(await world.refresh(WED, { ...range(MON, WED), force: true })).toMatchObject({
      status: 'completed',
    })
    expect(await events()).toEqual([])
    expect(await world.position(lot, 'exit_date', 'market_value')).toEqual([null, '-1200.00'])
    await world.nights(NEXT_THU, LATER)
    expect(await world.snapshots(id, ...TOTALS)).toEqual(nightly)
    expect(await events()).toEqual([settledLate])
  })

  test('opens again when the close it was settled by is withdrawn', async () => {
    await world.bars('ACME', { [FRI]: '157.25' })
    await world.nights(THU, MON)
    await sql`
      update market_data_cache set close = null where symbol = 'ACME' and date = ${FRI}
    `.execute(world.db)
    await world.nights(TUE, LATER)
    expect(await events()).toEqual([settledLate])
  })

  test('gives way to a closing trade that is keyed late', async () => {
    await world.bars('ACME', { [FRI]: '157.25' })
    await world.nights(THU, MON)
    await world.closing(id, lot, { date: FRI, quantity: '2', price: '4' })
    await world.refresh(TUE)
    // Bought back at 4: 2 · 100 · (6 − 4).
    expect((await world.snapshots(id, ...TOTALS)).at(-1)).toEqual([
      TUE,
      '10400.00',
      '650.00',
      '400.00',
      '10400.00',
      '0',
    ])
    expect(await events()).toMatchObject([{ reason: 'trade', price: '4.000000' }])
    expect(await world.position(lot, 'market_value')).toEqual(['0.00'])
  })
})
