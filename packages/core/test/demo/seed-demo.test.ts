import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import { assertNoRealPrices, seedDemo } from '../../src/demo/index.ts'
import { DEMO_PORTFOLIO_IDS } from '../../src/demo/seed-demo.ts'
import { createSyntheticMarket, DEMO_SEED } from '../../src/market-data/index.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

const market = createSyntheticMarket({ seed: DEMO_SEED })
const friday = '2026-11-20' as SessionDate
const monday = '2026-11-23' as SessionDate

describe('the demo', () => {
  let store: TestDatabase
  let first: Awaited<ReturnType<typeof seedDemo>>

  beforeAll(async () => {
    store = await createTestDatabase()
    first = await seedDemo(store.database, market, friday)
  })

  afterAll(() => store.drop())

  async function rows<Row>(query: string): Promise<readonly Row[]> {
    return (await sql.raw<Row>(query).execute(store.database.db)).rows
  }

  /** Every row of every table it writes. */
  function everything() {
    const tables = [
      'users',
      'portfolios',
      'positions',
      'position_realized_events',
      'position_valuations',
      'equity_changes',
    ]
    return Promise.all(tables.map((table) => rows(`select * from ${table} order by id`)))
  }

  test('has three portfolios whose equity is that of 25 sessions earlier', () => {
    expect(first).toEqual([
      expect.objectContaining({ name: 'Retail Long-Only', lots: 12, equityAsOf: '2026-10-16' }),
      expect.objectContaining({ name: 'High Net Worth', lots: 13, equityAsOf: '2026-10-16' }),
      expect.objectContaining({ name: 'Long/Short Fund', lots: 18, equityAsOf: '2026-10-16' }),
    ])
    expect(first.map(({ id }) => id)).toEqual([...DEMO_PORTFOLIO_IDS.keys()])
  })

  test('entered again on a later date, changes nothing', async () => {
    const before = await everything()
    const again = await seedDemo(store.database, market, monday)
    expect(again).toEqual(first.map((portfolio) => ({ ...portfolio, isNew: false })))
    expect(await everything()).toEqual(before)
  })

  test('is entered once when two start at once', async () => {
    await using other = await createTestDatabase()
    const both = await Promise.all([1, 2].map(() => seedDemo(other.database, market, friday)))
    expect(both.flat().filter(({ isNew }) => isNew)).toHaveLength(3)
  })

  test('belongs to a user who cannot log in', async () => {
    expect(await rows('select email, password_hash from users')).toEqual([
      { email: 'demo@sigmasight.example', password_hash: '!' },
    ])
  })

  test('pays what the market asked on each entry date', async () => {
    const lots = await rows<{ symbol: string; entry_date: string; entry_price: string }>(
      "select symbol, entry_date, entry_price from positions where investment_class <> 'PRIVATE'",
    )
    for (const { symbol, entry_date, entry_price } of lots) {
      const { signal } = new AbortController()
      const range = { from: entry_date, to: entry_date } as Record<'from' | 'to', SessionDate>
      for await (const outcome of market.dailyBars([{ symbol: symbol as never, ...range }], {
        signal,
      })) {
        expect([symbol, outcome.ok && outcome.bars[0]?.close]).toEqual([
          symbol,
          Number(entry_price),
        ])
      }
    }
  })

  test('sells half of a lot at a gain or loss that is the price difference', async () => {
    const events = await rows<{ half: boolean; gain: boolean }>(`
      select e.quantity_closed between abs(p.quantity) / 2 - 1 and abs(p.quantity) / 2 as half,
             e.realized_pnl = round(sign(p.quantity) * e.quantity_closed * (e.exit_price - p.entry_price), 2) as gain
      from position_realized_events e join positions p on p.id = e.position_id`)
    expect(events).toEqual([
      { half: true, gain: true },
      { half: true, gain: true },
    ])
  })

  test('has options of all kinds, one covered by shares, one that expires within a week', async () => {
    const options = await rows<{
      position_type: string
      quantity: string
      expiration_date: string
    }>(
      "select position_type, quantity, expiration_date, symbol, underlying_symbol from positions where investment_class = 'OPTIONS' order by expiration_date",
    )
    expect(options.map(({ position_type }) => position_type)).toEqual(['SP', 'SC', 'LP', 'LC'])
    expect(options[0]?.expiration_date).toBe('2026-11-27')
    const [covered] = await rows<{ covered: boolean }>(`
      select shares.quantity >= -100 * calls.quantity as covered
      from positions calls join positions shares
        on shares.portfolio_id = calls.portfolio_id and shares.symbol = calls.underlying_symbol
      where calls.position_type = 'SC'`)
    expect(covered).toEqual({ covered: true })
  })

  test('refuses to mix with real prices', async () => {
    await using other = await createTestDatabase()
    await expect(assertNoRealPrices(other.database.db)).resolves.toBeUndefined()
    await sql`insert into market_data_cache (symbol, date, close, data_source) values ('AAPL', '2026-11-20', 200, 'file')`.execute(
      other.database.db,
    )
    await expect(assertNoRealPrices(other.database.db)).rejects.toThrow('prices of file')
  })
})
