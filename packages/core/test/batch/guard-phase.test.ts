import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { runGuard } from '../../src/checks/index.ts'
import { afterChange, breachesOf } from '../checks/checked-world.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { session } from './batch-world.ts'
import { openFailingDatabase } from './failing-database.ts'
import { AGAIN, BEFORE, CALL, enterTwoNights, EVENING } from './risk-world.ts'

const book = `(select id from portfolios where name = 'Book')`
const cash = `(select id from portfolios where name = 'Cash')`
const onEvening = (portfolio: string, column = 'calculation_date') =>
  `where portfolio_id = ${portfolio} and ${column} = '${EVENING}'`
const metric = (type: string, portfolio: string) =>
  `where metric_date = '${EVENING}' and metric_type = '${type}'
     and dimensions = jsonb_build_object('portfolio_id', ${portfolio})`

let world: PortfolioWorld
beforeAll(async () => {
  world = await PortfolioWorld.create()
  await enterTwoNights(world)
})
afterAll(() => world[Symbol.asyncDispose]())

const scope = {
  date: session(EVENING),
  portfolioIds: null,
  atDate: null,
  batchRunId: null,
  phases: [],
}
const breachesAfter = async (change: string) =>
  breachesOf(await afterChange(world, change, (db) => runGuard(db, scope)))

describe('the regression guard', () => {
  test('finds nothing wrong with what a night has stored, and looks at all of it', async () => {
    const reports = await runGuard(world.db, scope)
    expect(breachesOf(reports)).toEqual([])
    expect(Object.fromEntries(reports.map(({ check, checked }) => [check, checked]))).toEqual({
      portfolios_at_date: 2,
      marks_precede_analytics: 2,
      nav_from_marks: 2,
      lot_marks: 4,
      equity_rolls: 2,
      daily_changes: 2,
      exposure_rows: 2,
      volatility_rows: 2,
      stress_rows: 2,
      figures_or_reasons: 2,
    })
  })

  test.each([
    [
      'a portfolio that is not at the date',
      `delete from portfolio_snapshots ${onEvening(cash, 'snapshot_date')}`,
      [
        `Cash: portfolios_at_date on ${BEFORE}: latest complete snapshot`,
        `Cash: marks_precede_analytics on ${EVENING}: 1 rows of P&L explanation`,
        `Cash: marks_precede_analytics on ${EVENING}: 20 rows of stress_test_results`,
      ],
    ],
    [
      'analytics before their marks',
      `update portfolio_snapshots set is_complete = false ${onEvening(book, 'snapshot_date')}`,
      [
        `Book: portfolios_at_date on ${BEFORE}: latest complete snapshot`,
        `Book: marks_precede_analytics on ${EVENING}: 1 rows of P&L explanation`,
        `Book: marks_precede_analytics on ${EVENING}: 1 rows of correlation_calculations`,
        `Book: marks_precede_analytics on ${EVENING}: 1 rows of position_greeks`,
        `Book: marks_precede_analytics on ${EVENING}: 2 rows of factor_exposures`,
        `Book: marks_precede_analytics on ${EVENING}: 3 rows of position_volatility`,
        `Book: marks_precede_analytics on ${EVENING}: 20 rows of stress_test_results`,
      ],
    ],
    [
      'a cent of NAV too much',
      `update portfolio_snapshots set net_asset_value = net_asset_value + 0.01 ${onEvening(book, 'snapshot_date')}`,
      [`Book: nav_from_marks on ${EVENING}: net_asset_value`],
    ],
    [
      'a mark that is a cent off',
      `update positions set market_value = market_value + 0.01 where symbol = 'AAA'`,
      [`Book: lot_marks on ${EVENING}: AAA lot`],
    ],
    [
      'a mark that is not the close',
      `update market_data_cache set close = 101 where symbol = 'BBB' and date = '${EVENING}'`,
      [`Book: lot_marks on ${EVENING}: BBB lot`],
    ],
    [
      'an old mark although there is a close',
      `update positions set price_status = 'stale', last_price_date = '${BEFORE}' where symbol = 'AAA'`,
      [`Book: lot_marks on ${EVENING}: AAA lot`],
    ],
    [
      'a lot without a mark',
      `update positions set price_status = null where symbol = 'BBB'`,
      [`Book: lot_marks on ${EVENING}: BBB lot`],
    ],
    [
      'a quantity that changed after the snapshot',
      `update positions set quantity = quantity + 1 where symbol = '${CALL}'`,
      [
        `Book: nav_from_marks on ${EVENING}: net_asset_value`,
        `Book: lot_marks on ${EVENING}: ${CALL} lot`,
      ],
    ],
    [
      'a daily P&L that is not the change of the cumulative one',
      `update portfolio_snapshots set daily_pnl = daily_pnl + 0.01 ${onEvening(book, 'snapshot_date')}`,
      [
        `Book: daily_changes on ${EVENING}: daily_pnl`,
        `Book: equity_rolls on ${EVENING}: equity_balance`,
      ],
    ],
    [
      'an exposure that is not there',
      `delete from factor_exposures ${onEvening(book)}
         and factor_id = (select id from factor_definitions where name = 'Momentum')`,
      [`Book: exposure_rows on ${EVENING}: exposure to Momentum`],
    ],
    [
      'an exposure to what no lot has a beta of',
      `insert into factor_exposures (portfolio_id, factor_id, calculation_date, exposure_dollar)
         select ${cash}, id, '${EVENING}', 0 from factor_definitions where name = 'Value'`,
      [`Cash: exposure_rows on ${EVENING}: exposure to Value`],
    ],
    [
      'a volatility of a lot that went missing',
      `delete from position_volatility where position_id in (select id from positions where symbol = 'AAA')`,
      [`Book: volatility_rows on ${EVENING}: AAA lot`],
    ],
    [
      'a stress result too few',
      `delete from stress_test_results ${onEvening(book)} and scenario_id = 'vix_spike'`,
      [`Book: stress_rows on ${EVENING}: stress results`],
    ],
    [
      'a stress reason that the snapshot contradicts',
      `update stress_test_results set reason = 'no_active_positions' ${onEvening(book)} and scenario_id = 'vix_spike'`,
      [`Book: stress_rows on ${EVENING}: stress by vix_spike`],
    ],
    [
      'volatility that went missing without a reason',
      `update portfolio_snapshots set realized_volatility_63d = null ${onEvening(book, 'snapshot_date')}`,
      [`Book: figures_or_reasons on ${EVENING}: volatility`],
    ],
    [
      'Greeks that went missing',
      `update portfolio_snapshots set portfolio_delta = null ${onEvening(book, 'snapshot_date')}`,
      [`Book: figures_or_reasons on ${EVENING}: greeks`],
    ],
    [
      'correlations that went missing',
      `delete from correlation_calculations ${onEvening(book)}`,
      [`Book: figures_or_reasons on ${EVENING}: correlations`],
    ],
    [
      'a P&L explanation that went missing',
      `delete from daily_metrics ${metric('pnl_explain', book)}`,
      [`Book: figures_or_reasons on ${EVENING}: pnl_explain`],
    ],
    [
      'a figure that says that it is missing',
      `insert into daily_metrics (metric_date, metric_type, dimensions, value)
         values ('${EVENING}', 'correlations_unavailable', jsonb_build_object('portfolio_id', ${book}),
                 '{"correlations": "insufficient_observations"}')`,
      [`Book: figures_or_reasons on ${EVENING}: correlations`],
    ],
    [
      'a reason that the snapshot contradicts',
      `update daily_metrics set value = '{"correlations": "insufficient_marks"}' ${metric('correlations_unavailable', cash)}`,
      [`Cash: figures_or_reasons on ${EVENING}: correlations`],
    ],
  ])('finds %s', async (_, change, expected) => {
    expect((await breachesAfter(change)).toSorted()).toEqual(expected.toSorted())
  })

  test('asks for the rows of phases that ran alone', async () => {
    const without = `
      update batch_run_tracking set phases = phases - 'stress_tests' - 'correlations' where batch_date = '${EVENING}';
      delete from stress_test_results; delete from correlation_calculations;
      delete from daily_metrics where metric_type like 'pnl_explain%'`
    expect(await breachesAfter(without)).toEqual([])
  })

  test('does not call a failure that is recorded a breach', async () => {
    const failed = `
      delete from stress_test_results ${onEvening(book)};
      insert into batch_jobs (batch_run_id, job_name, job_type, item_id, portfolio_id, status)
        select batch_run_id, 'stress_tests', 'portfolio_refresh', ${book}::text, ${book}, 'failed'
        from batch_run_tracking
        where batch_type = 'portfolio_refresh' and batch_date = '${EVENING}'`
    expect(await breachesAfter(failed)).toEqual([])
  })

  test('takes as many statements whatever there is to look at', async () => {
    await using database = openFailingDatabase(world.store.url, 0, '')
    await runGuard(database.db, scope)
    expect(database.statements()).toBeLessThan(25)
  })
})

describe('a run in whose tables the guard finds a breach', () => {
  const swallow = `
    create function swallow() returns trigger language plpgsql as $$ begin return null; end $$;
    create trigger swallow before insert on stress_test_results
      for each row when (new.scenario_id = 'vix_spike') execute function swallow()`
  const restore = 'drop trigger swallow on stress_test_results; drop function swallow()'
  const nights = (request = {}) => world.refresh(EVENING, { ...AGAIN, ...request })

  test('is failed, reason guard, lists the rows, and leaves the snapshots', async () => {
    await sql.raw(`delete from stress_test_results; ${swallow}`).execute(world.db)
    const result = await nights()
    await sql.raw(restore).execute(world.db)
    expect(result).toMatchObject({ status: 'failed', reason: 'guard', portfolios_processed: 2 })
    const expected = '20 scenarios'
    expect(result.alerts).toEqual([
      `${EVENING} regression_guard: Book: stress_rows: stress results is 19 rows, 19 of them scenarios, not ${expected}`,
      `${EVENING} regression_guard: Cash: stress_rows: stress results is 19 rows, 19 of them scenarios, not ${expected}`,
    ])
    expect(result.dates[0]).toMatchObject({
      status: 'failed',
      phases: { regression_guard: { status: 'failed', reasons: { stress_rows: 2 } } },
    })
    expect(await world.rows(sql`select from portfolio_snapshots where is_complete`)).toHaveLength(4)
    // The same once more, with nothing in the way.
    expect(await nights()).toMatchObject({ status: 'completed' })
  })

  test('of the guard alone finds what earlier phases left', async () => {
    await sql.raw(`delete from correlation_calculations ${onEvening(book)}`).execute(world.db)
    const result = await nights({ phases: ['regression_guard'] })
    expect(result).toMatchObject({ status: 'failed', reason: 'guard' })
    expect(result.alerts).toHaveLength(1)
    expect(await nights()).toMatchObject({ status: 'completed' })
  })

  test('of one portfolio is not concerned with others', async () => {
    await sql.raw(`delete from correlation_calculations ${onEvening(book)}`).execute(world.db)
    const [row] = await world.rows(
      sql<{ id: string }>`select id from portfolios where name = 'Cash'`,
    )
    const cashOnly = { scope: { kind: 'portfolio', portfolioId: row?.id ?? '' } } as const
    expect(await nights({ ...cashOnly, phases: ['regression_guard'] })).toMatchObject({
      status: 'completed',
    })
    expect(await nights()).toMatchObject({ status: 'completed' })
  })
})
