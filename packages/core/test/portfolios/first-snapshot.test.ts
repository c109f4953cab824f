import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { range } from '../batch/batch-world.ts'
import { PortfolioWorld } from './portfolio-world.ts'

const [MON, TUE, WED, THU, FRI] = [
  '2025-07-07',
  '2025-07-08',
  '2025-07-09',
  '2025-07-10',
  '2025-07-11',
]
const TOTALS = ['equity_balance', 'daily_pnl', 'cumulative_pnl', 'cash_value'] as const

describe('the first snapshot of a portfolio', () => {
  let world: PortfolioWorld
  beforeAll(async () => {
    world = await PortfolioWorld.create()
  })
  beforeEach(async () => {
    await world.clear()
    await world.bars('ACME', { [MON]: '50', [TUE]: '51', [WED]: '53', [THU]: '52', [FRI]: '54' })
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const asOf = async () =>
    (await world.rows<{ d: string | null }>(sql`select equity_as_of::text as d from portfolios`))[0]
      ?.d

  test('is of equity_as_of, however long ago', async () => {
    const id = await world.portfolio({ name: 'old', equity: '1000.00', asOf: MON })
    await world.refresh(THU)
    expect(await world.sessions(id)).toEqual([MON, TUE, WED, THU])
  })

  test('is of the session before when equity_as_of is none', async () => {
    const id = await world.portfolio({ name: 'sunday', equity: '1000.00', asOf: '2025-07-13' })
    await world.bars('ACME', { '2025-07-14': '55' })
    await world.refresh('2025-07-14')
    expect(await world.sessions(id)).toEqual([FRI, '2025-07-14'])
  })

  test('is of the target when equity_as_of is unknown, which it becomes', async () => {
    const id = await world.portfolio({ name: 'unknown', equity: '1000.00' })
    await world.refresh(WED)
    expect(await world.sessions(id)).toEqual([WED])
    expect(await asOf()).toBe(WED)
    await world.refresh(THU)
    expect(await world.sessions(id)).toEqual([WED, THU])
    expect(await asOf()).toBe(WED)
  })

  test('is of the beginning of the range when equity_as_of is unknown', async () => {
    const id = await world.portfolio({ name: 'unknown', equity: '1000.00' })
    await world.refresh(FRI, range(TUE, WED))
    expect(await world.sessions(id)).toEqual([TUE, WED])
    expect(await asOf()).toBe(TUE)
  })

  describe('of a record from inception', () => {
    test('is of the earliest entry, and the equity at equity_as_of is what the owner typed', async () => {
      const id = await world.portfolio({ name: 'inception', equity: '10000.00', asOf: THU })
      await world.lot(id, { symbol: 'ACME', quantity: '100', entry: '49.50', entryDate: MON })
      await world.flow(id, { date: WED, amount: '2000.00' })
      await world.refresh(THU, { fromInception: true })
      // On Thursday 100·(52 − 49.50) = 250 were gained and 2,000 paid in: it began with 7,750.
      const expected = [
        [MON, '7800.00', '50.00', '50.00', '2800.00'],
        [TUE, '7900.00', '100.00', '150.00', '2800.00'],
        [WED, '10100.00', '200.00', '350.00', '4800.00'],
        [THU, '10000.00', '-100.00', '250.00', '4800.00'],
      ]
      expect(await world.snapshots(id, ...TOTALS)).toEqual(expected)
      await world.refresh(FRI)
      expect((await world.snapshots(id, ...TOTALS)).at(-1)).toEqual([
        FRI,
        '10200.00',
        '200.00',
        '450.00',
        '4800.00',
      ])
    })

    test('stays one when its earliest entry is on equity_as_of', async () => {
      const id = await world.portfolio({ name: 'same day', equity: '10000.00', asOf: THU })
      await world.lot(id, { symbol: 'ACME', quantity: '100', entry: '51', entryDate: THU })
      await world.refresh(THU, { fromInception: true })
      await world.refresh(FRI)
      expect((await world.snapshots(id, ...TOTALS)).map((row) => [row[0], row[1], row[3]])).toEqual(
        [
          [THU, '10000.00', '100.00'],
          [FRI, '10200.00', '300.00'],
        ],
      )
    })

    test('turns an ordinary record into one when it is asked for later', async () => {
      const id = await world.portfolio({ name: 'later', equity: '10000.00', asOf: WED })
      const lot = await world.lot(id, {
        symbol: 'ACME',
        quantity: '100',
        entry: '49.50',
        entryDate: MON,
      })
      await world.nights(WED, THU)
      await world.refresh(THU, { fromInception: true })
      expect((await world.snapshots(id, ...TOTALS)).map((row) => [row[0], row[1], row[3]])).toEqual(
        [
          [MON, '9700.00', '50.00'],
          [TUE, '9800.00', '150.00'],
          [WED, '10000.00', '350.00'],
          [THU, '9900.00', '250.00'],
        ],
      )
      expect(await world.position(lot, 'recognition_date', 'recognition_price')).toEqual([
        MON,
        '49.500000',
      ])
    })
  })
})
