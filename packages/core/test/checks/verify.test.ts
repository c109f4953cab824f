import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { runVerify, selectCashDiagnosis, selectNewestSnapshotDate } from '../../src/checks/index.ts'
import { session } from '../batch/batch-world.ts'
import type { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { afterChange, breachesOf, createCheckedWorld, FRI, THU, TUE, WED } from './checked-world.ts'

const mixed = `(select id from portfolios where name = 'Mixed')`
const cash = `(select id from portfolios where name = 'Cash')`
const onFriday = (portfolio: string) =>
  `where portfolio_id = ${portfolio} and snapshot_date = '${FRI}'`
const aStyle = `(select id from factor_definitions where name = 'Momentum')`

describe('the regression guard', () => {
  let world: PortfolioWorld
  beforeAll(async () => {
    world = await createCheckedWorld()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const breachesAfter = async (change: string) =>
    breachesOf(await afterChange(world, change, (db) => runVerify(db, session(FRI))))

  test.each([TUE, WED, THU, FRI])('finds nothing wrong with %s', async (date) => {
    expect(breachesOf(await runVerify(world.db, session(date)))).toEqual([])
  })

  test('looks at every portfolio of the date, and at marks where they are its', async () => {
    const counts = async (date: string) =>
      Object.fromEntries(
        (await runVerify(world.db, session(date))).map(({ check, checked }) => [check, checked]),
      )
    expect(await counts(FRI)).toEqual({
      portfolios_at_date: 4,
      marks_precede_analytics: 4,
      nav_from_marks: 4,
      lot_marks: 7,
      equity_rolls: 4,
      daily_changes: 4,
      exposure_rows: 4,
      volatility_rows: 4,
      stress_rows: 4,
      figures_or_reasons: 4,
      nav_recomputed: 4,
      lot_marks_recomputed: 4,
      factor_exposures: 4,
    })
    expect(await counts(WED)).toMatchObject({
      portfolios_at_date: 3,
      nav_from_marks: 0,
      lot_marks: 0,
      equity_rolls: 3,
      figures_or_reasons: 3,
      nav_recomputed: 3,
      lot_marks_recomputed: 0,
      factor_exposures: 3,
    })
  })

  test.each([
    [
      'a portfolio that is not there',
      `delete from portfolio_snapshots ${onFriday(cash)}`,
      `Cash: portfolios_at_date on ${THU}: latest complete snapshot`,
    ],
    [
      'a slot that is not complete',
      `update portfolio_snapshots set is_complete = false ${onFriday(cash)}`,
      `Cash: portfolios_at_date on ${THU}: latest complete snapshot`,
    ],
    [
      'a NAV that marks and cash do not give',
      `update portfolio_snapshots set net_exposure = net_exposure + 1, cash_value = cash_value - 1 ${onFriday(mixed)}`,
      `Mixed: nav_from_marks on ${FRI}: net_asset_value`,
    ],
    [
      'a close that changed after the snapshot',
      `update market_data_cache set close = close + 1 where symbol = 'ACME' and date = '${FRI}'`,
      `Mixed: nav_recomputed on ${FRI}: net_asset_value`,
    ],
    [
      'a mark that is a cent off',
      `update positions set market_value = market_value - 0.01 where symbol = 'LATE'`,
      `Mixed: lot_marks on ${FRI}: LATE lot`,
    ],
    [
      'a daily P&L that is not the change of the cumulative one',
      `update portfolio_snapshots set daily_pnl = daily_pnl + 0.01 ${onFriday(mixed)}`,
      `Mixed: daily_changes on ${FRI}: daily_pnl`,
    ],
    [
      'an exposure that is not there',
      `delete from factor_exposures where portfolio_id = ${mixed} and calculation_date = '${FRI}'`,
      `Mixed: factor_exposures on ${FRI}: exposure to Market Beta (90D)`,
    ],
    [
      'an exposure to what no lot has a beta of',
      `insert into factor_exposures (portfolio_id, factor_id, calculation_date, exposure_dollar) values (${mixed}, ${aStyle}, '${FRI}', 0)`,
      `Mixed: factor_exposures on ${FRI}: exposure to Momentum`,
    ],
  ])('finds %s', async (_, change, expected) => {
    expect(await breachesAfter(change)).toContain(expected)
  })

  test('finds exposures of a date without a snapshot under them', async () => {
    const breaches = await breachesAfter(`delete from portfolio_snapshots ${onFriday(mixed)}`)
    expect(breaches).toEqual([
      `Mixed: portfolios_at_date on ${THU}: latest complete snapshot`,
      `Mixed: marks_precede_analytics on ${FRI}: 1 rows of factor_exposures`,
      `Mixed: marks_precede_analytics on ${FRI}: 20 rows of stress_test_results`,
      `Mixed: factor_exposures on ${FRI}: 1 exposures`,
    ])
  })

  test('does not wait for a portfolio that is not active or not due yet', async () => {
    const inactive = `delete from portfolio_snapshots ${onFriday(cash)};
      delete from stress_test_results where portfolio_id = ${cash} and calculation_date = '${FRI}';
      update portfolios set is_active = false where id = ${cash}`
    expect(await breachesAfter(inactive)).toEqual([])
    const later = `insert into portfolios (user_id, name, account_name, account_type, equity_balance, initial_equity, equity_as_of)
      select user_id, 'Later', 'Later', 'ira', 1, 1, '2025-07-14' from portfolios limit 1`
    expect(await breachesAfter(later)).toEqual([])
  })

  test('waits for one without lots that is due', async () => {
    const due = `insert into portfolios (user_id, name, account_name, account_type, equity_balance, initial_equity, equity_as_of)
      select user_id, 'New', 'New', 'ira', 1, 1, '${FRI}' from portfolios limit 1`
    expect(await breachesAfter(due)).toHaveLength(1)
  })

  test('begins with the newest snapshot of all', async () => {
    expect(await selectNewestSnapshotDate(world.db)).toBe(FRI)
  })
})

describe('the diagnosis of equity and cash', () => {
  let world: PortfolioWorld
  beforeAll(async () => {
    world = await createCheckedWorld()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  test('flags nothing after a week of refreshes', async () => {
    const portfolios = await selectCashDiagnosis(world.db)
    expect(portfolios.map(({ portfolio, isFlagged }) => [portfolio, isFlagged])).toEqual([
      ['Cash', false],
      ['Inception', false],
      ['Mixed', false],
      ['Private', false],
    ])
    expect(portfolios[3]).toMatchObject({
      equity: '9000.00',
      nav: '9000.00',
      sumOfMarks: '5000.00',
      cash: '4000.00',
      derivedCash: '4000.00',
      equityLessNav: '0.00',
      cashLessDerived: '0.00',
    })
  })

  test.each([
    [
      'an equity more than a dollar from NAV',
      `update portfolios set equity_balance = equity_balance + 1.01 where id = ${cash}`,
      'Cash',
    ],
    [
      'cash more than a dollar from what marks leave',
      `update positions set market_value = market_value + 1.02 where symbol = 'ACME' and portfolio_id = ${mixed}`,
      'Mixed',
    ],
    [
      'a snapshot without cash',
      `update portfolio_snapshots set cash_value = null ${onFriday(cash)}`,
      'Cash',
    ],
  ])('flags %s', async (_, change, expected) => {
    const flagged: string[] = []
    await afterChange(world, change, async (db) => {
      const portfolios = await selectCashDiagnosis(db)
      flagged.push(
        ...portfolios.filter(({ isFlagged }) => isFlagged).map(({ portfolio }) => portfolio),
      )
      return []
    })
    expect(flagged).toEqual([expected])
  })
})
