import { expect, test } from '@jest/globals'
import { adminMetricsPhase } from '../../src/batch/phases/admin-metrics.ts'
import { contextOf, EVENING, worldAfterSymbolBatch } from './portfolio-world.ts'

test('the phase adds up the runs of the days since the session before, once', async () => {
  await using world = await worldAfterSymbolBatch(['ALTO'])
  const context = await contextOf(world, [])
  expect(await adminMetricsPhase.run(context)).toMatchObject({ processed: 1, failed: 0 })
  expect(await adminMetricsPhase.run(context)).toMatchObject({ processed: 0 })
  const rows = await world.rows(
    `select metric_date, dimensions, value -> 'runs' as runs from daily_metrics
     where metric_type = 'runs_daily'`,
  )
  expect(rows).toEqual([
    { metric_date: EVENING, dimensions: { job_type: 'symbol_batch' }, runs: 1 },
  ])
})
