import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { runDoctor } from '../../src/checks/index.ts'
import { BEFORE, enterTwoNights, EVENING } from '../batch/risk-world.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { afterChange, breachesOf } from './checked-world.ts'

const book = `(select id from portfolios where name = 'Book')`
const onSnapshot = (change: string, date: string = EVENING) =>
  `update portfolio_snapshots set ${change} where portfolio_id = ${book} and snapshot_date = '${date}'`
const on = (table: string, change: string) =>
  `update ${table} set ${change} where portfolio_id = ${book} and calculation_date = '${EVENING}'`
const explanation = (path: string, value: string) =>
  `update daily_metrics set value = jsonb_set(value, '${path}', '${value}')
   where metric_date = '${EVENING}' and metric_type = 'pnl_explain'
     and dimensions = jsonb_build_object('portfolio_id', ${book})`

describe('the doctor', () => {
  let world: PortfolioWorld
  beforeAll(async () => {
    world = await PortfolioWorld.create()
    await enterTwoNights(world)
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const examine = (change: string) =>
    afterChange(world, change, (db) => runDoctor(db, { portfolioIds: null }))

  test('finds nothing wrong with the analytics of two nights, and looks at all of them', async () => {
    const reports = await runDoctor(world.db, { portfolioIds: null })
    expect(breachesOf(reports)).toEqual([])
    expect(Object.fromEntries(reports.map(({ check, checked }) => [check, checked]))).toMatchObject(
      {
        snapshot_analytics: 4,
        portfolio_delta: 2,
        exposure_values: 14,
        correlations: 2,
        stress_results: 80,
        pnl_explanations: 2,
      },
    )
  })

  test.each([
    [
      'sector weights that do not add up to gross ÷ equity, on any date',
      onSnapshot(`sector_exposure = jsonb_set(sector_exposure, '{Private}', '0.5')`, BEFORE),
      `Book: snapshot_analytics on ${BEFORE}: sector_exposure`,
    ],
    [
      'an effective number that HHI does not give',
      onSnapshot('effective_num_positions = effective_num_positions + 0.1'),
      `Book: snapshot_analytics on ${EVENING}: effective_num_positions`,
    ],
    [
      'a top ten below the top three',
      onSnapshot('top_10_concentration = top_3_concentration - 0.1'),
      `Book: snapshot_analytics on ${EVENING}: top_10_concentration`,
    ],
    [
      'one volatility without the other',
      onSnapshot('realized_volatility_21d = null'),
      `Book: snapshot_analytics on ${EVENING}: realized_volatility_63d`,
    ],
    [
      'a percentile above all',
      onSnapshot('volatility_percentile = 1.01'),
      `Book: snapshot_analytics on ${EVENING}: volatility_percentile`,
    ],
    [
      'a beta of more observations than there can be',
      onSnapshot('beta_calculated_90d_observations = 91'),
      `Book: snapshot_analytics on ${EVENING}: beta_calculated_90d`,
    ],
    [
      'a delta that is not the sum of shares and options',
      onSnapshot('portfolio_delta = portfolio_delta + 1'),
      `Book: portfolio_delta on ${EVENING}: portfolio_delta`,
    ],
    [
      'an exposure that its dollars do not give',
      on('factor_exposures', 'exposure_value = exposure_value * 1.01'),
      `Book: exposure_values on ${EVENING}: exposure to Momentum`,
    ],
    [
      'a coverage above everything',
      on('factor_exposures', 'coverage_pct = 101'),
      `Book: exposure_values on ${EVENING}: coverage of Momentum`,
    ],
    [
      'a matrix with what is no correlation',
      on('correlation_calculations', 'matrix[1] = 1.5'),
      `Book: correlations on ${EVENING}: matrix`,
    ],
    [
      'an overall correlation that is not the mean',
      on('correlation_calculations', 'overall_correlation = overall_correlation + 0.001'),
      `Book: correlations on ${EVENING}: overall_correlation`,
    ],
    [
      'symbols out of order',
      on('correlation_calculations', 'symbols = array[symbols[2], symbols[1]]'),
      `Book: correlations on ${EVENING}: symbols`,
    ],
    [
      'a count of positions that is not that of symbols',
      on('correlation_calculations', 'positions_included = 5'),
      `Book: correlations on ${EVENING}: positions_included`,
    ],
    [
      'an effect of correlation that is not correlated less direct',
      on('stress_test_results', 'correlation_effect = correlation_effect + 0.01'),
      `Book: stress_results on ${EVENING}: correlation_effect of vix_spike`,
    ],
    [
      'shares of factors that do not add up',
      on('stress_test_results', `factor_impacts = factor_impacts || '{"Other": 0.01}'`),
      `Book: stress_results on ${EVENING}: factor_impacts of vix_spike`,
    ],
    [
      'a stress result with half its figures',
      on('stress_test_results', 'pnl_std_error = null'),
      `Book: stress_results on ${EVENING}: stress by vix_spike`,
    ],
    [
      'an explanation whose lines do not add up',
      explanation('{trades}', '17'),
      `Book: pnl_explanations on ${EVENING}: lines of the explanation`,
    ],
    [
      'an explanation of another P&L than the snapshot has',
      explanation('{daily_pnl}', '17'),
      `Book: pnl_explanations on ${EVENING}: P&L that is explained`,
    ],
  ])('finds %s', async (_, change, expected) => {
    expect(breachesOf(await examine(change))).toContain(expected)
  })
})
