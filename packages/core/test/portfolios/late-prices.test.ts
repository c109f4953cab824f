import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { range, sessionsFrom } from '../batch/batch-world.ts'
import { PortfolioWorld } from './portfolio-world.ts'

const [MON, TUE, WED, THU] = ['2025-07-07', '2025-07-08', '2025-07-09', '2025-07-10']
const MONTH_LATER = '2025-08-06'
const FIGURES = ['daily_pnl', 'cumulative_pnl', 'positions_stale'] as const

describe('a price that changes after the snapshots of its holders were made', () => {
  let world: PortfolioWorld
  beforeAll(async () => {
    world = await PortfolioWorld.create()
  })
  afterAll(async () => {
    await world[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    await world.clear()
    const flat = { [MON]: '600', [TUE]: '600', [WED]: '600', [THU]: '600', [MONTH_LATER]: '600' }
    await world.bars('SPY', flat)
    await world.bars('ACME', { [MON]: '50', [TUE]: '51', [WED]: '52', [THU]: '53' })
  })

  /** Holds ten of ACME from Monday on, with snapshots through Wednesday. */
  async function holder(name: string, symbol = 'ACME') {
    const id = await world.portfolio({ name, equity: '10000.00', asOf: MON })
    await world.lot(id, { symbol, quantity: '10', entry: '50', entryDate: MON })
    return id
  }

  test('has them computed again from its date on, and those of nobody else', async () => {
    const id = await holder('holder')
    const other = await holder('other', 'SPY')
    await world.nights(MON, WED)
    await world.bars('ACME', { [TUE]: { close: '51.50', fetched: THU } })
    const { dates } = await world.refresh(THU)
    expect(dates.map(({ date }) => date)).toEqual([TUE, WED, THU])
    expect(await world.snapshots(id, ...FIGURES)).toEqual([
      [MON, '0.00', '0.00', '0'],
      [TUE, '15.00', '15.00', '0'],
      [WED, '5.00', '20.00', '0'],
      [THU, '10.00', '30.00', '0'],
    ])
    const processed = dates.map(({ phases }) => phases['snapshots']?.processed)
    expect(processed).toEqual([1, 1, 2])
    expect(await world.sessions(other)).toEqual([MON, TUE, WED, THU])
    expect(await world.refresh(THU)).toMatchObject({ reason: 'nothing_to_do' })
  })

  test('and one that comes late turns a stale mark into a current one', async () => {
    await sql`delete from market_data_cache where symbol = 'ACME'`.execute(world.db)
    await world.bars('ACME', { [MON]: '50', [THU]: '53' })
    const id = await holder('stale')
    await world.nights(MON, WED)
    expect((await world.snapshots(id, ...FIGURES)).at(-1)).toEqual([WED, '0.00', '0.00', '1'])
    await world.bars('ACME', { [WED]: { close: '52', fetched: THU } })
    await world.refresh(THU)
    expect((await world.snapshots(id, ...FIGURES)).slice(1)).toEqual([
      [TUE, '0.00', '0.00', '1'],
      [WED, '20.00', '20.00', '0'],
      [THU, '10.00', '30.00', '0'],
    ])
  })

  test('of a factor proxy has everybody computed again: every beta rests on it', async () => {
    await holder('holder')
    await holder('other', 'SPY')
    await world.nights(MON, WED)
    await world.bars('VTV', { [TUE]: { close: '180', fetched: THU } })
    const { dates } = await world.refresh(THU)
    expect(dates.map(({ date }) => date)).toEqual([TUE, WED, THU])
    expect(dates.map(({ phases }) => phases['snapshots']?.processed)).toEqual([2, 2, 2])
    expect(await world.refresh(THU)).toMatchObject({ reason: 'nothing_to_do' })
  })

  test('of an underlying has the holders of its options computed again', async () => {
    const id = await world.portfolio({ name: 'options', equity: '10000.00', asOf: MON })
    const call = 'ACME251219C00050000'
    await world.bars(call, { [MON]: '6', [TUE]: '6', [WED]: '6', [THU]: '6' })
    await world.lot(id, {
      symbol: call,
      investmentClass: 'OPTIONS',
      underlying: 'ACME',
      quantity: '1',
      entry: '6',
      entryDate: MON,
    })
    await world.nights(MON, WED)
    await world.bars('ACME', { [TUE]: { close: '51.50', fetched: THU } })
    const { dates } = await world.refresh(THU)
    expect(dates.map(({ date }) => date)).toEqual([TUE, WED, THU])
    expect(await world.refresh(THU)).toMatchObject({ reason: 'nothing_to_do' })
  })

  test('while nobody was refreshed for a week is followed up by the first refresh after', async () => {
    const id = await holder('holder')
    await world.nights(MON, WED)
    const week = sessionsFrom(THU, '2025-07-18')
    await world.bars('SPY', Object.fromEntries(week.map((date) => [date, '600'])))
    await world.bars('ACME', Object.fromEntries(week.map((date) => [date, '53'])))
    await world.bars('ACME', { [TUE]: { close: '51.50', fetched: THU } })
    const { dates } = await world.refresh('2025-07-18')
    expect(dates.map(({ date }) => date)).toEqual([TUE, WED, ...week])
    expect((await world.snapshots(id, ...FIGURES)).slice(0, 4)).toEqual([
      [MON, '0.00', '0.00', '0'],
      [TUE, '15.00', '15.00', '0'],
      [WED, '5.00', '20.00', '0'],
      [THU, '10.00', '30.00', '0'],
    ])
  })

  test('a month ago leaves them as they are until they are forced', async () => {
    const id = await holder('old')
    await world.nights(MON, WED)
    await world.bars('ACME', { [TUE]: { close: '51.50', fetched: MONTH_LATER } })
    await world.refresh(MONTH_LATER, { dates: { kind: 'target', target: null, backfill: false } })
    expect((await world.snapshots(id, 'daily_pnl'))[1]).toEqual([TUE, '10.00'])
    await world.refresh(MONTH_LATER, { ...range(TUE, TUE), force: true })
    expect((await world.snapshots(id, 'daily_pnl'))[1]).toEqual([TUE, '15.00'])
  })

  test('of a lot that was closed before it concerns nobody', async () => {
    const id = await world.portfolio({ name: 'closed', equity: '10000.00', asOf: MON })
    const lot = await world.lot(id, { symbol: 'ACME', quantity: '10', entry: '50', entryDate: MON })
    await world.closing(id, lot, { date: TUE, quantity: '10', price: '51' })
    await sql`update positions set exit_date = ${TUE} where id = ${lot}`.execute(world.db)
    await world.nights(MON, WED)
    await world.bars('ACME', { [WED]: { close: '99', fetched: THU } })
    const { dates } = await world.refresh(THU)
    expect(dates.map(({ date }) => date)).toEqual([THU])
  })

  test('of a lot that never had one has its record computed again from the first snapshot', async () => {
    const sessions = sessionsFrom(MON, '2025-07-22')
    await world.bars('SPY', Object.fromEntries(sessions.map((date) => [date, '600'])))
    const id = await holder('unknown', 'NOVA')
    await world.nights(MON, '2025-07-22')
    expect((await world.snapshots(id, 'cumulative_pnl')).at(-1)).toEqual(['2025-07-22', '0.00'])
    for (const [i, date] of sessions.entries()) {
      await world.bars('NOVA', { [date]: { close: `${50 + i}`, fetched: '2025-07-23' } })
    }
    await world.bars('SPY', { '2025-07-23': '600' })
    await world.bars('NOVA', { '2025-07-23': '62' })
    const { dates } = await world.refresh('2025-07-23')
    expect(dates.map(({ date }) => date)).toEqual([...sessions, '2025-07-23'])
    expect(await world.snapshots(id, 'daily_pnl', 'cumulative_pnl')).toEqual([
      [MON, '0.00', '0.00'],
      ...sessions.slice(1).map((date, i) => [date, '10.00', `${10 * (i + 1)}.00`]),
      ['2025-07-23', '10.00', '120.00'],
    ])
    expect(await world.refresh('2025-07-23')).toMatchObject({ reason: 'nothing_to_do' })
  })
})
