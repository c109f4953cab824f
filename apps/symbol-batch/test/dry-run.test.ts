import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { addToUniverse } from '../../../packages/core/test/batch/batch-world.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../../packages/core/test/harness/test-database.ts'
import { BatchCommand, everyTable } from './batch-command.ts'

describe('a dry run', () => {
  let store: TestDatabase
  let command: BatchCommand
  beforeAll(async () => {
    store = await createTestDatabase()
    await addToUniverse(store, ['ALTO', 'LOOM'])
    command = new BatchCommand({
      DATABASE_URL: store.url,
      PRICE_PROVIDERS: 'synthetic',
      SIGMASIGHT_NOW: '2025-07-23T01:00:00Z',
      LOG_LEVEL: 'warn',
    })
  })
  afterAll(async () => {
    await store.drop()
  })

  test('prints dates, phases, symbols and what it would ask for, and writes nothing', async () => {
    const before = await everyTable(store)
    const end = await command.run([
      '--start-date',
      '2025-07-17',
      '--end-date',
      '2025-07-22',
      '--dry-run',
    ])
    expect(end).toMatchObject({ code: 0, stderr: '' })
    expect(end.stdout).toContain('target      2025-07-22\n')
    expect(end.stdout).toContain('dates       4: 2025-07-17 2025-07-18 2025-07-21 2025-07-22\n')
    expect(end.stdout).toContain(
      'phases      company_profiles, prices*, fundamentals, factors*, symbol_metrics, feedback_learning  (* critical)\n',
    )
    expect(end.stdout).toContain('symbols     10: ALTO IWM LOOM MTUM QUAL SPY TLT USMV VTV VUG\n')
    expect(end.stdout).toContain(
      'requests    bars of 10 symbols, profiles of 10, statements of 0\n',
    )
    expect(end.stdout).toContain('calls       synthetic: 0\n')
    expect(end.stdout).toContain('Nothing was written.\n')
    expect(await everyTable(store)).toEqual(before)
  })

  test('after a run tells what is left: a second run does nothing and writes nothing', async () => {
    expect((await command.result(['--date', '2025-07-21'])).status).toBe('completed')
    const done = await everyTable(store)
    const plan = await command.run(['--dry-run', '--max-catchup', '1', '--phase', 'prices'])
    expect(plan.stdout).toContain('dates       1: 2025-07-22\n')
    expect(plan.stdout).toContain('phases      prices*  (* critical)\n')
    const nothing = await command.result(['--date', '2025-07-21'])
    expect(nothing).toMatchObject({
      status: 'completed',
      reason: 'nothing_to_do',
      batch_run_id: null,
      dates: [],
    })
    expect(await everyTable(store)).toEqual(done)
  })
})
