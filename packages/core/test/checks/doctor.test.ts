import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { runDoctor } from '../../src/checks/index.ts'
import type { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { afterChange, breachesOf, createCheckedWorld, FRI, MON, THU, WED } from './checked-world.ts'

const ofMixed = `portfolio_id = (select id from portfolios where name = 'Mixed')`

function onSnapshot(date: string, change: string): string {
  return `update portfolio_snapshots set ${change} where ${ofMixed} and snapshot_date = '${date}'`
}

describe('the doctor', () => {
  let world: PortfolioWorld
  beforeAll(async () => {
    world = await createCheckedWorld()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const breachesAfter = async (change: string) =>
    breachesOf(await afterChange(world, change, (db) => runDoctor(db, { portfolioIds: null })))

  test('finds nothing wrong with what a week of refreshes stored', async () => {
    const reports = await runDoctor(world.db, { portfolioIds: null })
    expect(breachesOf(reports)).toEqual([])
    const checked = Object.fromEntries(reports.map(({ check, checked }) => [check, checked]))
    // Five sessions of one portfolio, three, two, and four from inception.
    expect(checked).toEqual({
      equity_rolls: 14,
      cash_and_net_are_nav: 14,
      pnl_composition: 14,
      daily_changes: 14,
      value_sums: 14,
      position_counts: 14,
      recomputed_snapshot: 4,
      lot_marks: 4,
      expired_options: 4,
      rolled_equity: 4,
      incomplete_slots: 0,
      session_dates: 5,
      snapshot_analytics: 14,
      portfolio_delta: 4,
      exposure_values: 4,
      correlations: 3,
      stress_results: 280,
      // No symbol has a history from which factors could be told apart.
      pnl_explanations: 0,
    })
  })

  test.each([
    [
      'an equity that does not roll, with the next one',
      onSnapshot(
        WED,
        'equity_balance = equity_balance + 1, net_asset_value = net_asset_value + 1, cash_value = cash_value + 1',
      ),
      [
        `Mixed: equity_rolls on ${WED}: equity_balance`,
        `Mixed: equity_rolls on ${THU}: equity_balance`,
      ],
    ],
    [
      'a cent of cash too much',
      onSnapshot(WED, 'cash_value = cash_value + 0.01'),
      [`Mixed: cash_and_net_are_nav on ${WED}: net_asset_value`],
    ],
    [
      'an equity that is not NAV',
      onSnapshot(MON, 'net_asset_value = net_asset_value + 0.01, cash_value = cash_value + 0.01'),
      [`Mixed: cash_and_net_are_nav on ${MON}: equity_balance`],
    ],
    [
      'an unrealized gain that is no part of the P&L',
      onSnapshot(WED, 'unrealized_pnl = unrealized_pnl + 0.10'),
      [
        `Mixed: pnl_composition on ${WED}: cumulative_pnl`,
        `Mixed: pnl_composition on ${THU}: cumulative_pnl`,
      ],
    ],
    [
      'a daily figure that is not the change of its cumulative one',
      onSnapshot(THU, 'daily_dividends = daily_dividends + 0.01'),
      [`Mixed: daily_changes on ${THU}: daily_dividends`],
    ],
    [
      'a first daily P&L that is not zero',
      onSnapshot(MON, 'daily_pnl = 5'),
      [`Mixed: daily_changes on ${MON}: daily_pnl`],
    ],
    [
      'values that do not add up',
      onSnapshot(WED, 'long_value = long_value + 0.02'),
      [`Mixed: value_sums on ${WED}: gross_exposure`, `Mixed: value_sums on ${WED}: net_exposure`],
    ],
    [
      'counts that do not add up',
      onSnapshot(WED, 'num_long_positions = num_long_positions + 1'),
      [`Mixed: position_counts on ${WED}: num_positions`],
    ],
    [
      'a missing mark in a snapshot that calls itself whole',
      onSnapshot(MON, 'is_partial = false'),
      [`Mixed: position_counts on ${MON}: is_partial`],
    ],
    [
      'a figure that is not there',
      onSnapshot(WED, 'gross_exposure = null'),
      [`Mixed: value_sums on ${WED}: gross_exposure`],
    ],
    [
      'a newest snapshot that today’s facts do not give',
      `update equity_changes set amount = amount + 10 where change_type = 'WITHDRAWAL'`,
      [
        `Mixed: recomputed_snapshot on ${FRI}: equity_balance`,
        `Mixed: recomputed_snapshot on ${FRI}: net_asset_value`,
        `Mixed: recomputed_snapshot on ${FRI}: cash_value`,
        `Mixed: recomputed_snapshot on ${FRI}: daily_capital_flow`,
        `Mixed: recomputed_snapshot on ${FRI}: cumulative_capital_flow`,
        `Mixed: recomputed_snapshot on ${FRI}: daily_return`,
      ],
    ],
    [
      'a mark that is a cent off',
      `update positions set market_value = market_value + 0.01 where symbol = 'BOLT'`,
      [`Mixed: lot_marks on ${FRI}: BOLT lot`],
    ],
    [
      'a mark that is not there',
      `update positions set market_value = null, last_price = null where symbol = 'BOLT'`,
      [
        `Mixed: lot_marks on ${FRI}: BOLT lot`,
        `Mixed: lot_marks on ${FRI}: net_exposure against the sum of marks`,
      ],
    ],
    [
      'an equity that was not rolled',
      `update portfolios set equity_balance = equity_balance + 0.01 where name = 'Cash'`,
      [`Cash: rolled_equity on ${FRI}: portfolios.equity_balance`],
    ],
    [
      'a slot that a crash left behind',
      `insert into portfolio_snapshots (portfolio_id, snapshot_date) select id, '2025-07-14' from portfolios where name = 'Cash'`,
      ['Cash: incomplete_slots on 2025-07-14: is_complete'],
    ],
    [
      'a snapshot of a day without trading',
      `update portfolio_snapshots set snapshot_date = '2025-07-12' where ${ofMixed} and snapshot_date = '${THU}'`,
      ['Mixed: session_dates on 2025-07-12: snapshot_date'],
    ],
  ])('finds %s', async (_, change, expected) => {
    expect(await breachesAfter(change)).toEqual(expect.arrayContaining(expected))
  })

  test('finds nothing else where one figure of an old snapshot is wrong', async () => {
    const change = onSnapshot(WED, 'cash_value = cash_value + 0.01')
    expect(await breachesAfter(change)).toHaveLength(1)
  })

  test('finds an option that was never settled', async () => {
    const breaches = await breachesAfter(
      `delete from position_realized_events where reason = 'expiry'`,
    )
    expect(breaches).toContain(`Mixed: expired_options on ${FRI}: BOLT250709C00019000 lot`)
  })

  test('leaves an expired option alone whose underlying has no close of the session yet', async () => {
    const breaches = await breachesAfter(`
      delete from position_realized_events where reason = 'expiry';
      delete from market_data_cache where symbol = 'BOLT' and date >= '${WED}'`)
    expect(breaches.filter((breach) => breach.includes('expired_options'))).toEqual([])
  })

  test('says what it expected and what it found', async () => {
    const [report] = (
      await afterChange(
        world,
        `update portfolios set equity_balance = 1 where name = 'Cash'`,
        (db) => runDoctor(db, { portfolioIds: null }),
      )
    ).filter(({ breaches }) => breaches.length > 0)
    expect(report?.breaches[0]).toMatchObject({ expected: '777.77', actual: '1.00', date: FRI })
  })

  test('looks at nothing but the portfolios it is asked about, and at no deleted one', async () => {
    const [cash] = await world.rows(
      sql<{ id: string }>`select id from portfolios where name = 'Cash'`,
    )
    const broken = onSnapshot(WED, 'cash_value = 0')
    const ofCash = await afterChange(world, broken, (db) =>
      runDoctor(db, { portfolioIds: [cash?.id ?? ''] }),
    )
    expect(breachesOf(ofCash)).toEqual([])
    expect(
      await breachesAfter(
        `${broken}; update portfolios set deleted_at = now() where name = 'Mixed'`,
      ),
    ).toEqual([])
  })
})
