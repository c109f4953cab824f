import { describe, expect, test } from '@jest/globals'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import type { Profile } from '../../src/market-data/profile.ts'
import { CompanyWorld, evening, manySymbols } from '../company/company-world.ts'
import { fakeCompanies, profileOf, type Reply } from '../company/fake-companies.ts'

const MONDAY = '2025-06-09'
const TUESDAY = '2025-06-10'
const FRIDAY = '2025-06-13'

const ALTO: Profile = {
  companyName: 'Alto Holding',
  sector: 'Technology',
  industry: 'Software',
  exchange: 'NYQ',
  country: 'United States',
  currency: 'USD',
  marketCap: 123_456_789_012.34,
  enterpriseValue: 130_000_000_000,
  peRatio: 20.5,
  forwardPe: 18.25,
  psRatio: 4.5,
  pbRatio: 3.5,
  dividendYield: 0.0125,
  beta: 1.1,
  week52High: 210.123456,
  week52Low: 140.5,
  isEtf: false,
  nextEarningsDate: '2025-07-24' as IsoDate,
}

const ALTO_ROW = {
  company_name: 'Alto Holding',
  sector: 'Technology',
  industry: 'Software',
  exchange: 'NYQ',
  country: 'United States',
  currency: 'USD',
  market_cap: '123456789012.34',
  enterprise_value: '130000000000.00',
  pe_ratio: 20.5,
  forward_pe: 18.25,
  ps_ratio: 4.5,
  pb_ratio: 3.5,
  dividend_yield: 0.0125,
  beta: 1.1,
  week_52_high: '210.123456',
  week_52_low: '140.500000',
  is_etf: false,
  next_earnings_date: '2025-07-24',
}

/** A provider whose answers a test may change between runs. */
function provider(replies: Record<string, Reply<Profile>>) {
  return fakeCompanies('fake', { profile: (symbol) => replies[symbol] })
}

const saying = (reply: Reply<Profile>) => fakeCompanies('fake', { profile: () => reply })

const profileRow = (world: CompanyWorld, symbol: string) =>
  world.row(`select * from company_profiles where symbol = '${symbol}'`)

describe('the phase company_profiles', () => {
  test('stores all a provider says, when it said it, and what the universe did not know', async () => {
    await using world = await CompanyWorld.create('ALTO', 'FUND')
    const fake = provider({ ALTO, FUND: profileOf({ companyName: 'Fund', isEtf: true }) })
    const outcome = await world.profiles(MONDAY, fake)
    expect(outcome).toMatchObject({ processed: 2, skipped: 0, failed: 0, alerts: [] })
    expect(outcome.metrics).toMatchObject({ rows_inserted: 2, rows_updated: 0 })
    expect(await profileRow(world, 'ALTO')).toMatchObject({
      ...ALTO_ROW,
      last_updated: evening(MONDAY).toJSDate(),
      fundamentals_last_fetched: null,
    })
    const universe = `select symbol, asset_type, sector, industry from symbol_universe where symbol in ('ALTO', 'FUND') order by symbol`
    expect(await world.rows(universe)).toEqual([
      { symbol: 'ALTO', asset_type: 'equity', sector: 'Technology', industry: 'Software' },
      { symbol: 'FUND', asset_type: 'etf', sector: null, industry: null },
    ])
  })

  test('keeps what an operator wrote into the universe', async () => {
    await using world = await CompanyWorld.create('ALTO')
    await world.rows(`update symbol_universe set sector = 'Own', asset_type = 'fund'`)
    await world.profiles(MONDAY, provider({ ALTO: { ...ALTO, isEtf: true } }))
    const row = await world.row(
      `select asset_type, sector, industry from symbol_universe where symbol = 'ALTO'`,
    )
    expect(row).toEqual({ asset_type: 'fund', sector: 'Own', industry: 'Software' })
  })

  test('asks nobody and writes nothing when it runs twice', async () => {
    await using world = await CompanyWorld.create('ALTO', 'GONE')
    const fake = provider({ ALTO, GONE: 'unknown_symbol' })
    await world.profiles(MONDAY, fake)
    const tables = ['company_profiles', 'symbol_universe']
    const stored = () => Promise.all(tables.map((table) => world.versions(table)))
    const before = await stored()
    const again = await world.profiles(MONDAY, fake)
    expect(again).toMatchObject({ processed: 0, skipped: 0, failed: 0 })
    expect(await stored()).toEqual(before)
    expect(fake.asked).toHaveLength(1)
  })

  test('asks again after three days; what is not told then stays, and the same is only confirmed', async () => {
    await using world = await CompanyWorld.create('ALTO', 'SAME')
    const replies = { ALTO, SAME: ALTO }
    const fake = provider(replies)
    await world.profiles(MONDAY, fake)
    const [before] = await world.versions('company_profiles')
    await world.profiles(TUESDAY, fake)
    expect(fake.asked).toHaveLength(1)
    replies.ALTO = profileOf({ beta: 1.2 })
    const outcome = await world.profiles(FRIDAY, fake)
    expect(outcome).toMatchObject({ processed: 2, metrics: { rows_inserted: 0, rows_updated: 1 } })
    const confirmed = { last_updated: evening(FRIDAY).toJSDate() }
    expect(await profileRow(world, 'ALTO')).toMatchObject({ ...ALTO_ROW, beta: 1.2, ...confirmed })
    const same = await profileRow(world, 'SAME')
    expect(same).toMatchObject({ ...ALTO_ROW, ...confirmed, updated_at: before?.['updated_at'] })
  })

  test('does not forget that a symbol is an ETF when a provider is silent about it', async () => {
    await using world = await CompanyWorld.create('FUND')
    await world.profiles(MONDAY, saying(profileOf({ isEtf: true })))
    await world.profiles(FRIDAY, saying(profileOf({ companyName: 'Fund' })))
    expect(await profileRow(world, 'FUND')).toMatchObject({ is_etf: true, company_name: 'Fund' })
  })

  test('remembers that there is no profile, for three days', async () => {
    await using world = await CompanyWorld.create('GONE')
    const fake = saying('unknown_symbol')
    const outcome = await world.profiles(MONDAY, fake)
    expect(outcome).toMatchObject({ processed: 0, skipped: 1, failed: 0, alerts: [] })
    expect(outcome.reasons).toEqual({ unknown_symbol: 1 })
    await world.profiles(TUESDAY, fake)
    expect(fake.asked).toHaveLength(1)
    await world.profiles(FRIDAY, fake)
    expect(fake.asked).toHaveLength(2)
    expect(await profileRow(world, 'GONE')).toMatchObject({ company_name: null, is_etf: false })
  })

  test('never asks for options, indices or what is private', async () => {
    await using world = await CompanyWorld.create('ALTO', '^GSPC', 'ALTO260116C00150000')
    await world.rows(
      `update symbol_universe set asset_type = case when symbol like '^%' then 'index' else 'option' end where symbol like '^%' or symbol like 'ALTO2%'`,
    )
    await world.hold('book', [{ symbol: 'HOUSE', investmentClass: 'PRIVATE' }])
    const fake = saying(ALTO)
    await world.profiles(MONDAY, fake)
    expect(fake.asked).toEqual(['ALTO'])
  })

  test('refuses what fits no column, says so, and stores the rest', async () => {
    await using world = await CompanyWorld.create('ALTO', 'LOOM')
    await world.profiles(MONDAY, provider({ ALTO, LOOM: ALTO }))
    const odd = { marketCap: 1e16, week52High: -1e12, peRatio: Infinity, sector: 'a\0b', beta: 2 }
    const outcome = await world.profiles(FRIDAY, provider({ ALTO: profileOf(odd), LOOM: ALTO }))
    expect(await profileRow(world, 'ALTO')).toMatchObject({ ...ALTO_ROW, beta: 2 })
    expect(outcome).toMatchObject({ processed: 2, failed: 0, metrics: { values_refused: 4 } })
    expect(outcome.metrics['refused']).toContainEqual({
      symbol: 'ALTO',
      field: 'market_cap',
      value: '10000000000000000',
    })
    expect(outcome.alerts).toEqual([
      String.raw`4 values fit no column and were left out: ALTO sector "a\u0000b", ALTO market_cap 10000000000000000, ALTO pe_ratio Infinity, ALTO week_52_high -1000000000000`,
    ])
  })

  test('records an answer that cannot be read as the failure of its symbol', async () => {
    await using world = await CompanyWorld.create('ALTO', 'LOOM')
    const outcome = await world.profiles(MONDAY, provider({ ALTO, LOOM: 'malformed' }))
    expect(outcome).toMatchObject({ processed: 1, failed: 1, reasons: { malformed: 1 } })
    expect(outcome.failures).toEqual([
      {
        itemId: 'LOOM',
        reason: 'malformed',
        category: 'data',
        message: 'fake: malformed (loom refused)',
      },
    ])
    expect(await profileRow(world, 'LOOM')).toBeUndefined()
  })
})

describe('the phase company_profiles in a large universe', () => {
  test('asks a provider that is down once, warns once, and asks again the next night', async () => {
    await using world = await CompanyWorld.create(...manySymbols(250))
    const down = saying('unavailable')
    const outcome = await world.profiles(MONDAY, down)
    expect(down.asked).toHaveLength(1)
    expect(outcome).toMatchObject({ processed: 0, skipped: 250, failed: 0, failures: [] })
    expect(outcome.reasons).toEqual({ unavailable: 250 })
    expect(outcome.alerts).toEqual([
      'profiles of 250 symbols could not be asked for: fake: unavailable (s000 refused)',
    ])
    expect(await world.versions('company_profiles')).toEqual([])
    expect(await world.profiles(TUESDAY, saying(ALTO))).toMatchObject({ processed: 250 })
  })

  test('without a provider of profiles does nothing and warns of nothing', async () => {
    await using world = await CompanyWorld.create(...manySymbols(150))
    const outcome = await world.profiles(MONDAY, null)
    expect(outcome).toMatchObject({ skipped: 150, alerts: [], reasons: { no_provider: 150 } })
  })

  test('keeps whole batches when it is stopped, and then asks for the rest only', async () => {
    await using world = await CompanyWorld.create(...manySymbols(250))
    const stop = new AbortController()
    const stopping = fakeCompanies('fake', {
      profile: (symbol) => {
        if (symbol === 'S150') stop.abort(new Error('stopped'))
        return ALTO
      },
    })
    const { signal } = stop
    await expect(world.profiles(MONDAY, stopping, { signal })).rejects.toThrow('stopped')
    expect(await world.versions('company_profiles')).toHaveLength(100)
    const steps: string[] = []
    const progress = (done: number, total: number) => steps.push(`${done}/${total}`)
    const outcome = await world.profiles(MONDAY, saying(ALTO), { progress })
    expect(outcome).toMatchObject({ processed: 150, skipped: 0 })
    expect([steps.length, steps[0], steps.at(-1)]).toEqual([150, '1/150', '150/150'])
  })

  test('stops asking after five minutes, held symbols first', async () => {
    await using world = await CompanyWorld.create(...manySymbols(250))
    await world.hold('book', [{ symbol: 'S249' }])
    let now = evening(MONDAY)
    const slow = fakeCompanies('fake', {
      profile: () => {
        now = now.plus({ seconds: 2 })
        return ALTO
      },
    })
    const outcome = await world.profiles(MONDAY, slow, { clock: { now: () => now } })
    expect(slow.asked.map((symbols) => symbols.split(' ').length)).toEqual([100, 100])
    expect(slow.asked[0]).toMatch(/^S249 S000 S001 /)
    expect(outcome).toMatchObject({ processed: 200, skipped: 50, alerts: [] })
    expect(outcome.reasons).toEqual({ no_time: 50 })
  })

  test('run for one portfolio touches the rows of its symbols only', async () => {
    await using world = await CompanyWorld.create('ALTO', 'LOOM', 'ZINC')
    const portfolioId = await world.hold('book', [{ symbol: 'LOOM' }])
    await world.hold('other', [{ symbol: 'ZINC' }])
    const before = await world.versions('symbol_universe')
    const fake = saying(ALTO)
    await world.profiles(MONDAY, fake, { scope: { kind: 'portfolio', portfolioId } })
    expect(fake.asked).toEqual(['LOOM'])
    expect(await world.versions('company_profiles')).toHaveLength(1)
    const untouched = (await world.versions('symbol_universe')).filter(
      ({ symbol }) => symbol !== 'LOOM',
    )
    expect(untouched).toEqual(before.filter(({ symbol }) => symbol !== 'LOOM'))
  })

  test('describes a held symbol that the universe does not know yet', async () => {
    await using world = await CompanyWorld.create()
    await world.hold('book', [{ symbol: 'ALTO' }])
    await world.profiles(MONDAY, saying({ ...ALTO, isEtf: true }))
    const row = await world.row(
      `select asset_type, sector from symbol_universe where symbol = 'ALTO'`,
    )
    expect(row).toEqual({ asset_type: 'etf', sector: 'Technology' })
  })
})
