import { describe, expect, test } from '@jest/globals'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import type { Fundamentals } from '../../src/market-data/profile.ts'
import { CompanyWorld, evening, manySymbols } from '../company/company-world.ts'
import {
  fakeCompanies,
  fundamentalsOf,
  incomeOf,
  profileOf,
  type Reply,
} from '../company/fake-companies.ts'

const MONDAY = '2025-06-09'
const TUESDAY = '2025-06-10'
/** More than 100 days after MONDAY. */
const AUTUMN = '2025-09-19'

const ALTO: Fundamentals = {
  income: [
    incomeOf(
      '2025-03-31',
      { totalRevenue: 1_000_000_000.5, netIncome: -20, basicEps: 1.234567 },
      { totalRevenue: 1_000_000_000.5, taxRateForCalcs: 0.21 },
    ),
    { ...incomeOf('2024-12-31', { totalRevenue: 4_000 }), frequency: 'annual' },
  ],
  balance: [
    {
      periodDate: '2025-03-31' as IsoDate,
      frequency: 'quarterly',
      headlines: {
        totalAssets: 100,
        totalLiabilities: 60,
        totalEquity: 40,
        cashAndEquivalents: null,
        totalDebt: 30,
      },
      lines: { totalAssets: 100 },
    },
  ],
  cash: [
    {
      periodDate: '2025-03-31' as IsoDate,
      frequency: 'quarterly',
      headlines: {
        operatingCashFlow: 12,
        investingCashFlow: -5,
        financingCashFlow: -2,
        capitalExpenditure: -4,
        freeCashFlow: 8,
        dividendsPaid: -1,
      },
      lines: { freeCashFlow: 8 },
    },
  ],
}

const saying = (reply: Reply<Fundamentals>) => fakeCompanies('fake', { fundamentals: () => reply })

async function worldHolding(...symbols: readonly string[]): Promise<CompanyWorld> {
  const world = await CompanyWorld.create(...symbols)
  await world.hold(
    'book',
    symbols.map((symbol) => ({ symbol })),
  )
  return world
}

const fetchedOf = async (world: CompanyWorld, symbol: string) =>
  (
    await world.row(
      `select fundamentals_last_fetched as at from company_profiles where symbol = '${symbol}'`,
    )
  )?.['at']

const income = (world: CompanyWorld) =>
  world.rows(
    'select period_date, frequency, total_revenue, net_income, basic_eps, data from income_statements order by period_date',
  )

describe('the phase fundamentals', () => {
  test('stores the three statements with headlines and every line, and when they were fetched', async () => {
    await using world = await worldHolding('ALTO')
    const outcome = await world.fundamentals(MONDAY, saying(ALTO))
    expect(outcome).toMatchObject({ processed: 1, skipped: 0, failed: 0, alerts: [] })
    expect(outcome.metrics).toMatchObject({ rows_inserted: 4, rows_updated: 0 })
    const nothing = { net_income: null, basic_eps: null, data: {} }
    expect(await income(world)).toEqual([
      { period_date: '2024-12-31', frequency: 'annual', total_revenue: '4000.00', ...nothing },
      {
        period_date: '2025-03-31',
        frequency: 'quarterly',
        total_revenue: '1000000000.50',
        net_income: '-20.00',
        basic_eps: '1.234567',
        data: { totalRevenue: 1_000_000_000.5, taxRateForCalcs: 0.21 },
      },
    ])
    expect(await world.row('select * from balance_sheets')).toMatchObject({
      total_assets: '100.00',
      total_liabilities: '60.00',
      total_equity: '40.00',
      cash_and_equivalents: null,
      total_debt: '30.00',
    })
    expect(await world.row('select * from cash_flows')).toMatchObject({
      operating_cash_flow: '12.00',
      investing_cash_flow: '-5.00',
      financing_cash_flow: '-2.00',
      capital_expenditure: '-4.00',
      free_cash_flow: '8.00',
      dividends_paid: '-1.00',
    })
    expect(await fetchedOf(world, 'ALTO')).toEqual(evening(MONDAY).toJSDate())
  })

  test('asks for held equities and underlyings of open options only', async () => {
    await using world = await CompanyWorld.create('ALTO', 'LOOM', 'ETFA', 'ETFB', 'SOLD', 'FREE')
    await world.rows(`update symbol_universe set asset_type = 'etf' where symbol = 'ETFA'`)
    await world.rows(`insert into company_profiles (symbol, is_etf) values ('ETFB', true)`)
    const option = { investmentClass: 'OPTIONS' } as const
    await world.hold('book', [
      { symbol: 'ALTO' },
      { symbol: 'ETFA' },
      { symbol: 'ETFB' },
      { symbol: 'SOLD', closed: true },
      { symbol: 'HOUSE', investmentClass: 'PRIVATE' },
      { symbol: 'LOOM260116C00150000', underlying: 'LOOM', expiration: '2026-01-16', ...option },
      { symbol: 'FREE250117C00150000', underlying: 'FREE', expiration: '2025-01-17', ...option },
    ])
    const fake = saying(ALTO)
    await world.fundamentals(MONDAY, fake)
    expect(fake.asked).toEqual(['ALTO LOOM'])
  })

  test('asks nobody and writes nothing when it runs twice', async () => {
    await using world = await worldHolding('ALTO', 'GONE')
    const fake = fakeCompanies('fake', {
      fundamentals: (symbol) => (symbol === 'ALTO' ? ALTO : 'no_data'),
    })
    const outcome = await world.fundamentals(MONDAY, fake)
    expect(outcome).toMatchObject({ processed: 1, skipped: 1, reasons: { no_data: 1 } })
    const tables = ['company_profiles', 'income_statements', 'balance_sheets', 'cash_flows']
    const stored = () => Promise.all(tables.map((table) => world.versions(table)))
    const before = await stored()
    expect(await world.fundamentals(MONDAY, fake)).toMatchObject({ processed: 0, skipped: 0 })
    await world.fundamentals(TUESDAY, fake)
    expect(await stored()).toEqual(before)
    expect(fake.asked).toEqual(['ALTO GONE'])
  })

  test('after 100 days adds what is new and leaves what is not told, or told again, as it is', async () => {
    await using world = await worldHolding('ALTO')
    await world.fundamentals(MONDAY, saying(ALTO))
    const [annual] = await world.versions('income_statements')
    const later = fundamentalsOf(
      incomeOf('2025-06-30', { totalRevenue: 1_100 }),
      incomeOf('2025-03-31', { netIncome: -21 }, { netIncome: -21 }),
      { ...incomeOf('2024-12-31', { totalRevenue: 4_000 }), frequency: 'annual' },
    )
    const outcome = await world.fundamentals(AUTUMN, saying(later))
    expect(outcome.metrics).toMatchObject({ rows_inserted: 1, rows_updated: 1 })
    const [, corrected, added] = await income(world)
    expect(corrected).toMatchObject({
      total_revenue: '1000000000.50',
      net_income: '-21.00',
      data: { totalRevenue: 1_000_000_000.5, taxRateForCalcs: 0.21, netIncome: -21 },
    })
    expect(added).toMatchObject({ period_date: '2025-06-30', total_revenue: '1100.00' })
    expect(await world.versions('income_statements')).toContainEqual(annual)
  })

  test('come after an earnings date although the profile names the next one by then', async () => {
    await using world = await worldHolding('ALTO')
    const naming = (date: string) =>
      fakeCompanies('fake', {
        profile: () => profileOf({ nextEarningsDate: date as IsoDate }),
        fundamentals: () => ALTO,
      })
    const night = async (date: string, earnings: string) => {
      const fake = naming(earnings)
      await world.profiles(date, fake)
      const { processed } = await world.fundamentals(date, fake)
      const row = await world.row('select next_earnings_date as date from company_profiles')
      return { statements: processed, earnings: row?.['date'] }
    }
    expect(await night('2025-07-01', '2025-07-10')).toEqual({
      statements: 1,
      earnings: '2025-07-10',
    })
    expect(await night('2025-07-11', '2025-10-09')).toEqual({
      statements: 0,
      earnings: '2025-07-10',
    })
    expect(await night('2025-07-15', '2025-10-09')).toEqual({
      statements: 1,
      earnings: '2025-07-10',
    })
    expect(await night('2025-07-21', '2025-10-09')).toEqual({
      statements: 0,
      earnings: '2025-10-09',
    })
  })

  test('refuses figures that fit no column and lines that are no numbers', async () => {
    await using world = await worldHolding('ALTO')
    const odd = fundamentalsOf(
      incomeOf(
        '2025-03-31',
        { totalRevenue: 1e16, netIncome: 5, basicEps: 1e12 },
        { totalRevenue: 1e16, ratio: Number.NaN, 'a\0b': 1 },
      ),
      incomeOf('2025-02-30', { netIncome: 6 }),
      incomeOf('2025-03-31', { netIncome: 7 }),
    )
    const outcome = await world.fundamentals(MONDAY, saying(odd))
    const [row, ...others] = await income(world)
    expect(row).toMatchObject({ total_revenue: null, net_income: '5.00', basic_eps: null })
    expect(row?.['data']).toEqual({ totalRevenue: 1e16 })
    expect(others).toEqual([])
    expect(outcome).toMatchObject({ processed: 1, failed: 0, metrics: { values_refused: 5 } })
    expect(outcome.alerts).toEqual([
      expect.stringContaining('ALTO income_statements.period_date "2025-02-30"'),
    ])
  })

  test('asks a provider that is down once, and again the next night', async () => {
    await using world = await worldHolding(...manySymbols(150))
    const down = saying('refused')
    const outcome = await world.fundamentals(MONDAY, down)
    expect(outcome).toMatchObject({ skipped: 150, failures: [], reasons: { refused: 150 } })
    expect([down.asked.length, outcome.alerts.length]).toEqual([1, 1])
    expect(await world.fundamentals(TUESDAY, saying(ALTO))).toMatchObject({ processed: 150 })
  })

  test('asks again the next night for what could not be read', async () => {
    await using world = await worldHolding('ALTO')
    const outcome = await world.fundamentals(MONDAY, saying('malformed'))
    expect(outcome).toMatchObject({
      failed: 1,
      failures: [{ itemId: 'ALTO', reason: 'malformed' }],
    })
    expect(await fetchedOf(world, 'ALTO')).toBeUndefined()
  })
})
