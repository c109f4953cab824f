import { expect, test } from '@jest/globals'
import { correlationMatrix } from '../../src/correlation/portfolio-correlation.ts'
import { returnColumns } from '../../src/correlation/index.ts'
import { totalReturns } from '../../src/returns/total-returns.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { truthTable } from '../analytics/truth-table.ts'
import { WorstError } from '../factors/truth-rows.ts'
import { describeWithShared, sharedFile } from '../harness/shared-data.ts'
import { readBars } from '../returns/read-bars.ts'

describeWithShared('correlations of 26 symbols on ten dates', () => {
  test('agree with pandas on all pairs to 1e-10', () => {
    const panel = totalReturns(readBars(sharedFile('data/us-adjusted/bars.csv.gz')))
    const worst = new WorstError('absolute')
    const byDate = Map.groupBy(truthTable('risk/corr90'), (row) => row.text('date'))
    expect(byDate.size).toBe(10)
    for (const [date, rows] of byDate) {
      const { bySymbol } = returnColumns(
        panel,
        panel.sessions.findIndex((session) => session === date),
      )
      const names = rows.map((row) => row.text('symbol'))
      const columns = names.map((name) => {
        const column = bySymbol.get((name === 'SP500' ? '^GSPC' : name) as Ticker)
        if (column === undefined) throw new Error(`no ${name}`)
        return column
      })
      const { size, values } = correlationMatrix(columns)
      expect(size).toBe(26)
      for (const [i, row] of rows.entries()) {
        for (const [j, name] of names.entries()) {
          const where = `${date} ${row.text('symbol')} ${name}`
          worst.compare(values[i * size + j] ?? NaN, row.number(name), where)
        }
      }
    }
    worst.assertWithin(1e-10)
  })
})
