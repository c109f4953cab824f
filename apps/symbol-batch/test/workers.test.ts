import { expect, test } from '@jest/globals'
import type { RunResult } from '@sigmasight/core/batch'
import { addToUniverse } from '../../../packages/core/test/batch/batch-world.ts'
import { hashResults } from '../../../packages/core/test/harness/result-tables.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../../packages/core/test/harness/test-database.ts'
import { BatchCommand } from './batch-command.ts'

/** XDEF and RUNE are young or have gaps, so that symbols rest on different rows. */
const SYMBOLS = ['ALTO', 'DYNA', 'HALO', 'KITE', 'LOOM', 'NOOK', 'RUNE', 'TARN', 'XENO', 'XDEF']
const FOUR_DATES = ['--start-date', '2025-07-17', '--end-date', '2025-07-22']

function commandFor({ url }: TestDatabase): BatchCommand {
  return new BatchCommand({
    DATABASE_URL: url,
    PRICE_PROVIDERS: 'synthetic',
    SIGMASIGHT_NOW: '2025-07-23T01:00:00Z',
  })
}

/** All of a result but its id, its moments and durations. */
function countsOf({ dates, status, job_summary, data_quality, alerts }: RunResult) {
  const phases = dates.map(({ phases: own }) =>
    Object.entries(own).map(([name, phase]) => {
      const { processed, skipped, failed, reasons, metrics } = phase
      // What a provider was asked has its waiting times in it.
      const { provider_calls, ...counts } = metrics
      return [name, { processed, skipped, failed, reasons, counts, asks: provider_calls !== null }]
    }),
  )
  return { status, job_summary, data_quality, alerts, phases }
}

async function batch(args: readonly string[], workers = 0) {
  await using store = await createTestDatabase()
  await addToUniverse(store, SYMBOLS)
  const command = commandFor(store)
  const working = Array.from({ length: workers }, () => command.start(['work']))
  const result = await command.result([...FOUR_DATES, ...args])
  for (const { process: child } of working) child.kill('SIGTERM')
  const codes = await Promise.all(working.map(async ({ ended }) => (await ended).code))
  return {
    codes,
    counts: countsOf(result),
    tables: await hashResults(store.database.db),
  }
}

test('factors in two threads, and by two other processes, are those of one process to the last bit', async () => {
  const alone = await batch([])
  expect(alone.counts.status).toBe('completed')
  expect(alone.tables['symbol_factor_exposures']?.rows).toBeGreaterThan(400)
  expect(await batch(['--workers', '2'])).toEqual(alone)
  expect(await batch(['--distributed'], 2)).toEqual({ ...alone, codes: [143, 143] })
})
