import { beforeAll, expect, test } from '@jest/globals'
import { drawdown, tailRisk } from '../../src/performance/index.ts'
import { totalReturns } from '../../src/returns/total-returns.ts'
import type { PricePanel, ReturnPanel } from '../../src/returns/panel.ts'
import { truthTable, type TruthRow } from '../analytics/truth-table.ts'
import { WorstError } from '../factors/truth-rows.ts'
import { describeWithShared, sharedFile } from '../harness/shared-data.ts'
import { readBars } from '../returns/read-bars.ts'

describeWithShared('26 symbols on ten dates', () => {
  let prices: PricePanel
  let returns: ReturnPanel
  beforeAll(() => {
    prices = readBars(sharedFile('data/us-adjusted/bars.csv.gz'))
    returns = totalReturns(prices)
  })

  /** The last `count` columns of a truth row's symbol up to its date. */
  function window(row: TruthRow, values: Float64Array, count: number): Float64Array {
    const symbol = row.text('symbol') === 'SP500' ? '^GSPC' : row.text('symbol')
    const first = prices.symbols.findIndex((name) => name === symbol) * prices.sessions.length
    const end = first + prices.sessions.findIndex((date) => date === row.text('date')) + 1
    return values.subarray(end - count, end)
  }

  test('have the drawdowns that pandas found, and their dates', () => {
    const worst = new WorstError('absolute')
    const truth = truthTable('risk/drawdown')
    expect(truth).toHaveLength(520)
    for (const row of truth) {
      const closes = [...window(row, prices.close, row.number('nprices'))]
      const end = prices.sessions.findIndex((date) => date === row.text('date')) + 1
      const found = drawdown(prices.sessions.slice(end - closes.length, end), closes)
      const where = `${row.text('date')} ${row.text('symbol')} ${row.text('window_prices')}`
      worst.compare(found.depth, row.number('max_drawdown'), where)
      worst.compare(found.current, row.number('current_drawdown'), where)
      expect([where, found.peakDate, found.troughDate, found.recoveryDate ?? '']).toEqual([
        where,
        row.text('peak_date'),
        row.text('trough_date'),
        row.text('recovery_date'),
      ])
    }
    worst.assertWithin(1e-10)
  })

  test('have the historical VaR and expected shortfall of NumPy’s linear quantile', () => {
    const worst = new WorstError('absolute')
    const truth = truthTable('risk/var_es')
    expect(truth).toHaveLength(520)
    for (const row of truth) {
      const found = tailRisk(
        window(row, returns.values, row.number('window')),
        row.number('confidence'),
      )
      const where = `${row.text('date')} ${row.text('symbol')} ${row.text('confidence')}`
      worst.compare(found?.valueAtRisk ?? NaN, row.number('var_linear'), where)
      worst.compare(found?.expectedShortfall ?? NaN, row.number('es_le_linear'), where)
    }
    worst.assertWithin(1e-10)
  })
})
