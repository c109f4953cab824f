import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { range } from '../batch/batch-world.ts'
import { PortfolioWorld } from './portfolio-world.ts'

/** A week of sessions. */
const [MON, TUE, WED, THU, FRI] = [
  '2025-07-07',
  '2025-07-08',
  '2025-07-09',
  '2025-07-10',
  '2025-07-11',
]
const TOTALS = ['equity_balance', 'daily_pnl', 'cumulative_pnl', 'cash_value'] as const

describe('a portfolio refreshed every night', () => {
  let world: PortfolioWorld
  beforeAll(async () => {
    world = await PortfolioWorld.create()
  })
  beforeEach(() => world.clear())
  afterAll(() => world[Symbol.asyncDispose]())

  test('with a long lot starts at what the owner typed and follows the closes', async () => {
    await world.bars('ACME', { [MON]: '50', [TUE]: '52.50', [WED]: '49.99' })
    const id = await world.portfolio({ name: 'long', equity: '10000.00', asOf: MON })
    const lot = await world.lot(id, {
      symbol: 'ACME',
      quantity: '100',
      entry: '40',
      entryDate: '2025-06-02',
    })
    await world.nights(MON, WED)
    // Gains before Monday are in the 10,000 already: 50 is the recognition price, not 40.
    expect(await world.snapshots(id, ...TOTALS)).toEqual([
      [MON, '10000.00', '0.00', '0.00', '5000.00'],
      [TUE, '10250.00', '250.00', '250.00', '5000.00'],
      [WED, '9999.00', '-251.00', '-1.00', '5000.00'],
    ])
    expect(await world.snapshots(id, 'daily_return', 'unrealized_pnl', 'net_asset_value')).toEqual([
      [MON, null, '1000.00', '10000.00'],
      [TUE, '0.025', '1250.00', '10250.00'],
      [WED, String(-251 / 10250), '999.00', '9999.00'],
    ])
    expect(
      await world.position(
        lot,
        'recognition_date',
        'recognition_price',
        'last_price',
        'last_price_date',
        'price_status',
        'market_value',
        'unrealized_pnl',
      ),
    ).toEqual([MON, '50.000000', '49.990000', WED, 'current', '4999.00', '999.00'])
    expect(await world.rows(sql`select equity_balance::text as e from portfolios`)).toEqual([
      { e: '9999.00' },
    ])
  })

  test('with a short pays the dividend, and shows its proceeds as cash', async () => {
    await world.bars('ACME', { [MON]: '50', [TUE]: { close: '49', dividend: '0.75' }, [WED]: '48' })
    const id = await world.portfolio({ name: 'short', equity: '10000.00', asOf: MON })
    await world.lot(id, { symbol: 'ACME', quantity: '-100', entry: '55', entryDate: '2025-06-02' })
    await world.nights(MON, WED)
    // Tuesday: +100 on the price, −75 of dividend. Cash: 10,000 + 5,000 of proceeds, less 75.
    expect(
      await world.snapshots(
        id,
        ...TOTALS,
        'daily_dividends',
        'short_value',
        'cumulative_dividends',
      ),
    ).toEqual([
      [MON, '10000.00', '0.00', '0.00', '15000.00', '0.00', '-5000.00', '0.00'],
      [TUE, '10025.00', '25.00', '25.00', '14925.00', '-75.00', '-4900.00', '-75.00'],
      [WED, '10125.00', '100.00', '125.00', '14925.00', '0.00', '-4800.00', '-75.00'],
    ])
  })

  test('through a 7:1 split keeps every dollar', async () => {
    await world.bars('ACME', { [MON]: '700', [TUE]: { close: '100', split: '7' }, [WED]: '101' })
    const id = await world.portfolio({ name: 'split', equity: '10000.00', asOf: MON })
    const lot = await world.lot(id, {
      symbol: 'ACME',
      quantity: '3',
      entry: '630',
      entryDate: '2025-06-02',
    })
    await world.nights(MON, TUE)
    const dollars = [
      'equity_balance',
      'net_asset_value',
      'cash_value',
      'long_value',
      'gross_exposure',
      'unrealized_pnl',
      'cumulative_pnl',
      'num_positions',
    ] as const
    const [before, after] = await world.snapshots(id, ...dollars)
    expect(after?.slice(1)).toEqual(before?.slice(1))
    expect(after).toEqual([
      TUE,
      '10000.00',
      '10000.00',
      '7900.00',
      '2100.00',
      '2100.00',
      '210.00',
      '0.00',
      '1',
    ])
    expect(await world.position(lot, 'quantity', 'last_price', 'market_value')).toEqual([
      '3.000000',
      '100.000000',
      '2100.00',
    ])
    await world.refresh(WED)
    // 21 shares gain a dollar each.
    expect((await world.snapshots(id, ...TOTALS)).at(-1)).toEqual([
      WED,
      '10021.00',
      '21.00',
      '21.00',
      '7900.00',
    ])
  })

  test('through a split that is learnt late takes the apparent loss back on the next night', async () => {
    await world.bars('ACME', { [MON]: '700', [TUE]: '100', [WED]: '101' })
    const id = await world.portfolio({ name: 'late split', equity: '10000.00', asOf: MON })
    await world.lot(id, { symbol: 'ACME', quantity: '3', entry: '630', entryDate: '2025-06-02' })
    await world.nights(MON, TUE)
    expect((await world.snapshots(id, ...TOTALS)).at(-1)).toEqual([
      TUE,
      '8200.00',
      '-1800.00',
      '-1800.00',
      '7900.00',
    ])
    await world.bars('ACME', { [TUE]: { close: '100', split: '7' } })
    await world.refresh(WED)
    expect((await world.snapshots(id, ...TOTALS)).at(-1)).toEqual([
      WED,
      '10021.00',
      '1821.00',
      '21.00',
      '7900.00',
    ])
  })

  test('with a lot keyed three days late lands its gain on the next snapshot, or spreads it by --force', async () => {
    await world.bars('ACME', { [MON]: '10', [TUE]: '10', [WED]: '11', [THU]: '12', [FRI]: '13' })
    const id = await world.portfolio({ name: 'late', equity: '1000.00', asOf: MON })
    await world.nights(MON, THU)
    await world.lot(id, { symbol: 'ACME', quantity: '50', entry: '10.20', entryDate: TUE })
    await world.refresh(FRI)
    expect(await world.snapshots(id, ...TOTALS)).toEqual([
      [MON, '1000.00', '0.00', '0.00', '1000.00'],
      [TUE, '1000.00', '0.00', '0.00', '1000.00'],
      [WED, '1000.00', '0.00', '0.00', '1000.00'],
      [THU, '1000.00', '0.00', '0.00', '1000.00'],
      [FRI, '1140.00', '140.00', '140.00', '490.00'],
    ])
    await world.refresh(FRI, { ...range(TUE, FRI), force: true })
    expect(await world.snapshots(id, ...TOTALS)).toEqual([
      [MON, '1000.00', '0.00', '0.00', '1000.00'],
      [TUE, '990.00', '-10.00', '-10.00', '490.00'],
      [WED, '1040.00', '50.00', '40.00', '490.00'],
      [THU, '1090.00', '50.00', '90.00', '490.00'],
      [FRI, '1140.00', '50.00', '140.00', '490.00'],
    ])
  })

  test('with a half-closed lot books what was realized and values what is left', async () => {
    await world.bars('ACME', { [MON]: '50', [TUE]: '55', [WED]: '60' })
    const id = await world.portfolio({ name: 'half', equity: '10000.00', asOf: MON })
    const lot = await world.lot(id, {
      symbol: 'ACME',
      quantity: '100',
      entry: '40',
      entryDate: '2025-06-02',
    })
    await world.closing(id, lot, { date: TUE, quantity: '50', price: '54' })
    await world.nights(MON, WED)
    // Tuesday: 50·(54−50) + 50·(55−50) = 450; Wednesday: 50·5. Realized against entry: 50·(54−40).
    expect(
      await world.snapshots(id, ...TOTALS, 'daily_realized_pnl', 'unrealized_pnl', 'long_value'),
    ).toEqual([
      [MON, '10000.00', '0.00', '0.00', '5000.00', '0.00', '1000.00', '5000.00'],
      [TUE, '10450.00', '450.00', '450.00', '7700.00', '700.00', '750.00', '2750.00'],
      [WED, '10700.00', '250.00', '700.00', '7700.00', '0.00', '1000.00', '3000.00'],
    ])
    expect(await world.position(lot, 'market_value', 'realized_pnl', 'unrealized_pnl')).toEqual([
      '3000.00',
      '700.00',
      '1000.00',
    ])
  })

  test('with a half-closed lot uploaded leaves what was realized before the first snapshot out of P&L', async () => {
    await world.bars('ACME', { [MON]: '50', [TUE]: '55' })
    const id = await world.portfolio({ name: 'half before', equity: '10000.00', asOf: MON })
    const lot = await world.lot(id, {
      symbol: 'ACME',
      quantity: '100',
      entry: '40',
      entryDate: '2025-06-02',
    })
    await world.closing(id, lot, { date: '2025-06-20', quantity: '50', price: '54' })
    await world.nights(MON, TUE)
    expect(await world.snapshots(id, ...TOTALS, 'cumulative_realized_pnl')).toEqual([
      [MON, '10000.00', '0.00', '0.00', '7500.00', '0.00'],
      [TUE, '10250.00', '250.00', '250.00', '7500.00', '0.00'],
    ])
    expect(await world.position(lot, 'realized_pnl')).toEqual(['700.00'])
  })

  test('with a contribution and a withdrawal keeps flows out of P&L and in the return', async () => {
    await world.bars('ACME', { [MON]: '50', [TUE]: '51', [WED]: '51' })
    const id = await world.portfolio({ name: 'flows', equity: '10000.00', asOf: MON })
    await world.lot(id, { symbol: 'ACME', quantity: '100', entry: '50', entryDate: MON })
    await world.flow(id, { date: MON, amount: '999.00' })
    await world.flow(id, { date: TUE, amount: '2500.50' })
    await world.flow(id, { date: WED, amount: '-1000.25' })
    await world.nights(MON, WED)
    // Monday's is in the equity as of Monday.
    expect(
      await world.snapshots(
        id,
        ...TOTALS,
        'daily_capital_flow',
        'cumulative_capital_flow',
        'daily_return',
      ),
    ).toEqual([
      [MON, '10000.00', '0.00', '0.00', '5000.00', '0.00', '0.00', null],
      [TUE, '12600.50', '100.00', '100.00', '7500.50', '2500.50', '2500.50', String(100 / 12500.5)],
      [WED, '11600.25', '0.00', '100.00', '6500.25', '-1000.25', '1500.25', '0'],
    ])
  })

  test('takes a deleted flow back on the next night, without a gain', async () => {
    await world.bars('ACME', { [MON]: '50', [TUE]: '51', [WED]: '52' })
    const id = await world.portfolio({ name: 'deleted', equity: '10000.00', asOf: MON })
    await world.lot(id, { symbol: 'ACME', quantity: '10', entry: '50', entryDate: MON })
    await world.flow(id, { date: TUE, amount: '5000.00' })
    await world.nights(MON, TUE)
    await sql`update equity_changes set deleted_at = now()`.execute(world.db)
    await world.refresh(WED)
    expect(
      await world.snapshots(id, ...TOTALS, 'daily_capital_flow', 'cumulative_capital_flow'),
    ).toEqual([
      [MON, '10000.00', '0.00', '0.00', '9500.00', '0.00', '0.00'],
      [TUE, '15010.00', '10.00', '10.00', '14500.00', '5000.00', '5000.00'],
      [WED, '10020.00', '10.00', '20.00', '9500.00', '-5000.00', '0.00'],
    ])
  })

  test('values a PRIVATE lot by its valuations, before them by what it was entered with', async () => {
    await world.bars('ACME', { [MON]: '1', [TUE]: '1', [WED]: '1', [THU]: '1' })
    const id = await world.portfolio({ name: 'private', equity: '500000.00', asOf: MON })
    const lot = await world.lot(id, {
      symbol: 'LAKEHOUSE',
      investmentClass: 'PRIVATE',
      quantity: '3',
      entry: '90000',
      entryDate: '2024-01-15',
      marketValue: '300000.00',
      valuations: { [WED]: '310000.01' },
    })
    await world.nights(MON, THU)
    expect(
      await world.snapshots(id, ...TOTALS, 'long_value', 'is_partial', 'positions_missing'),
    ).toEqual([
      [MON, '500000.00', '0.00', '0.00', '200000.00', '300000.00', 'false', '0'],
      [TUE, '500000.00', '0.00', '0.00', '200000.00', '300000.00', 'false', '0'],
      [WED, '510000.01', '10000.01', '10000.01', '200000.00', '310000.01', 'false', '0'],
      [THU, '510000.01', '0.00', '10000.01', '200000.00', '310000.01', 'false', '0'],
    ])
    expect(
      await world.position(
        lot,
        'price_status',
        'last_price_date',
        'market_value',
        'entered_market_value',
      ),
    ).toEqual(['manual', WED, '310000.01', '300000.00'])
  })

  test('without positions is all cash and follows its flows', async () => {
    await world.bars('ACME', { [MON]: '1', [TUE]: '1' })
    const id = await world.portfolio({ name: 'cash', equity: '1234.56', asOf: MON })
    await world.flow(id, { date: TUE, amount: '-34.56' })
    await world.nights(MON, TUE)
    expect(
      await world.snapshots(id, ...TOTALS, 'net_asset_value', 'gross_exposure', 'num_positions'),
    ).toEqual([
      [MON, '1234.56', '0.00', '0.00', '1234.56', '1234.56', '0.00', '0'],
      [TUE, '1200.00', '0.00', '0.00', '1200.00', '1200.00', '0.00', '0'],
    ])
  })

  test('makes no gain of a price that stops coming: stale for five sessions, then missing', async () => {
    const sessions = [
      '2025-07-07',
      '2025-07-08',
      '2025-07-09',
      '2025-07-10',
      '2025-07-11',
      '2025-07-14',
      '2025-07-15',
      '2025-07-16',
    ]
    await world.bars('ACME', { [MON]: '50', [TUE]: '53' })
    for (const date of sessions) await world.bars('SPY', { [date]: '600' })
    const id = await world.portfolio({ name: 'gap', equity: '10000.00', asOf: MON })
    await world.lot(id, { symbol: 'ACME', quantity: '10', entry: '50', entryDate: MON })
    await world.nights(MON, '2025-07-16')
    const figures = await world.snapshots(
      id,
      'daily_pnl',
      'equity_balance',
      'positions_stale',
      'positions_missing',
      'is_partial',
    )
    const held = (date: string, stale: string, missing: string, isPartial: string) => [
      date,
      '0.00',
      '10030.00',
      stale,
      missing,
      isPartial,
    ]
    expect(figures).toEqual([
      [MON, '0.00', '10000.00', '0', '0', 'false'],
      [TUE, '30.00', '10030.00', '0', '0', 'false'],
      held('2025-07-09', '1', '0', 'false'),
      held('2025-07-10', '1', '0', 'false'),
      held('2025-07-11', '1', '0', 'false'),
      held('2025-07-14', '1', '0', 'false'),
      held('2025-07-15', '1', '0', 'false'),
      held('2025-07-16', '0', '1', 'true'),
    ])
  })

  test('corrects a close that is filled in later, the next night or by --force', async () => {
    await world.bars('SPY', { [MON]: '600', [TUE]: '600', [WED]: '600', [THU]: '600' })
    await world.bars('ACME', { [MON]: '50', [THU]: '56' })
    const id = await world.portfolio({ name: 'filled', equity: '10000.00', asOf: MON })
    await world.lot(id, { symbol: 'ACME', quantity: '10', entry: '50', entryDate: MON })
    await world.nights(MON, WED)
    await world.bars('ACME', { [TUE]: '52', [WED]: '51' })
    await world.refresh(THU)
    const pnl = async () =>
      (await world.snapshots(id, 'daily_pnl', 'cumulative_pnl')).map((row) => row.slice(1))
    expect(await pnl()).toEqual([
      ['0.00', '0.00'],
      ['0.00', '0.00'],
      ['0.00', '0.00'],
      ['60.00', '60.00'],
    ])
    await world.refresh(THU, { ...range(TUE, TUE), force: true })
    expect(await pnl()).toEqual([
      ['0.00', '0.00'],
      ['20.00', '20.00'],
      ['-10.00', '10.00'],
      ['50.00', '60.00'],
    ])
  })
})
