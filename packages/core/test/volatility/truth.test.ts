import { beforeAll, expect, test } from '@jest/globals'
import { returnHistory, returnSeries, windowOf } from '../../src/portfolio-returns/index.ts'
import type { ReturnPanel } from '../../src/returns/panel.ts'
import { totalReturns } from '../../src/returns/total-returns.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { dailyVariance, fitHar, forecastVariance } from '../../src/volatility/har-forecast.ts'
import { volatilityMetrics } from '../../src/volatility/index.ts'
import { metricsOf } from '../analytics/metrics-of.ts'
import { truthTable, type TruthRow } from '../analytics/truth-table.ts'
import { WorstError } from '../factors/truth-rows.ts'
import { describeWithShared, sharedFile } from '../harness/shared-data.ts'
import { readBars } from '../returns/read-bars.ts'

describeWithShared('volatility of 26 symbols on ten dates', () => {
  let panel: ReturnPanel
  beforeAll(() => {
    panel = totalReturns(readBars(sharedFile('data/us-adjusted/bars.csv.gz')))
  })

  function returnsOf(row: TruthRow): Float64Array {
    const sessionIndex = panel.sessions.findIndex((date) => date === row.text('date'))
    const symbol = row.text('symbol') === 'SP500' ? '^GSPC' : row.text('symbol')
    const window = windowOf(returnHistory(panel, sessionIndex), symbol as Ticker)
    if (window === null) throw new Error(`no ${symbol}`)
    return returnSeries(window).values
  }

  test('over 21 and 63 sessions agrees with pandas to 1e-10', () => {
    const worst = new WorstError('relative')
    const truth = truthTable('risk/realised_vol')
    expect(truth).toHaveLength(260)
    for (const row of truth) {
      const metrics = metricsOf(volatilityMetrics(returnsOf(row)))
      const where = `${row.text('date')} ${row.text('symbol')}`
      worst.compare(metrics.realized21d, row.number('vol21_simple_ddof1'), where)
      worst.compare(metrics.realized63d, row.number('vol63_simple_ddof1'), where)
    }
    worst.assertWithin(1e-10)
  })

  test('forecast for the next session agrees with statsmodels to 1e-10', () => {
    const worst = new WorstError('absolute')
    const forecasts = new WorstError('relative')
    const truth = truthTable('risk/har_rv')
    expect(truth).toHaveLength(260)
    for (const row of truth) {
      const variance = dailyVariance(returnsOf(row))
      const model = fitHar(variance)
      if (model === null) throw new Error('no model')
      const where = `${row.text('date')} ${row.text('symbol')}`
      expect(model.observations).toBe(row.number('nobs'))
      const [day, week, month] = model.weights
      worst.compare(model.constant, row.number('const'), `${where} constant`)
      worst.compare(day, row.number('b_d'), `${where} day`)
      worst.compare(week, row.number('b_w'), `${where} week`)
      worst.compare(month, row.number('b_m'), `${where} month`)
      worst.compare(model.rSquared ?? NaN, row.number('r2'), `${where} R²`)
      const [next = NaN] = forecastVariance(model, variance, 1)
      // The regression may say that the variance will be negative; then it is 0.
      if (row.number('forecast_rv') < 0) expect(next).toBe(0)
      else forecasts.compare(next, row.number('forecast_rv'), where)
    }
    forecasts.assertWithin(1e-10)
    worst.assertWithin(1e-10)
  })
})
