import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { RunRequest } from '../../src/batch/index.ts'
import { range } from '../batch/batch-world.ts'
import { chooseSeed, seeded } from '../batch/seeded.ts'
import { hashResults, type ResultTable } from '../harness/result-tables.ts'
import { BACKFILL, BACKFILL_SESSIONS, backfillFacts } from './backfill-book.ts'
import { PortfolioWorld } from './portfolio-world.ts'

const LAST = BACKFILL.to
const [FIRST_HALF, SECOND_HALF] = [range(BACKFILL.from, '2025-07-10'), range('2025-07-11', LAST)]

/** Shuffles of the facts; `SOAK_ORDERS=100` for more. */
const ORDERS = Number(process.env['SOAK_ORDERS'] ?? 3)

type Run = readonly [evening: string, request: Partial<RunRequest>]
const WAYS: readonly (readonly [string, readonly Run[]])[] = [
  ['evening by evening', BACKFILL_SESSIONS.map((evening) => [evening, {}] as const)],
  [
    'in halves',
    [
      [LAST, FIRST_HALF],
      [LAST, SECOND_HALF],
    ],
  ],
  [
    'the second half first',
    [
      [LAST, SECOND_HALF],
      [LAST, {}],
    ],
  ],
  ['in slices of three days', [[LAST, { chunkDays: 3 }]]],
  [
    'every third evening',
    BACKFILL_SESSIONS.filter((_, i) => i % 3 === 2).map((evening) => [evening, {}] as const),
  ],
  [
    'at once, then by force from the middle',
    [
      [LAST, {}],
      [LAST, { ...SECOND_HALF, force: true }],
    ],
  ],
  [
    'at once, then everything by force',
    [
      [LAST, {}],
      [LAST, { ...range(BACKFILL.from, LAST), force: true }],
    ],
  ],
]

describe('the tables say the same', () => {
  let world: PortfolioWorld
  let atOnce: Readonly<Record<string, ResultTable>>
  const seed = chooseSeed('ANY_ORDER_SEED')

  beforeAll(async () => {
    world = await PortfolioWorld.create()
    atOnce = await tablesAfter([[LAST, {}]], () => 0)
    expect(atOnce).toMatchObject({
      portfolios: { rows: 12 },
      position_realized_events: { rows: 17 },
      batch_run_tracking: { rows: 30 },
    })
    expect(atOnce['factor_exposures']?.rows).toBeGreaterThan(100)
    expect(atOnce['portfolio_snapshots']?.rows).toBeGreaterThan(140)
  })
  beforeEach(() => world.clear())
  afterAll(() => world[Symbol.asyncDispose]())

  async function tablesAfter(runs: readonly Run[], random: () => number) {
    await world.facts(backfillFacts(), random)
    await world.symbolBatchDone(...BACKFILL_SESSIONS)
    for (const [evening, request] of runs) {
      const { status, alerts } = await world.refresh(evening, request)
      // Prices that are random and a portfolio that is all debt: the factors explain little.
      expect(alerts.filter((alert) => !alert.includes('is unexplained'))).toEqual([])
      expect(status).toMatch(/^completed/)
    }
    return hashResults(world.db)
  }

  test.each(WAYS)('however runs are split: %s', async (_way, runs) => {
    expect(await tablesAfter(runs, () => 0)).toEqual(atOnce)
  })

  const shuffles = Array.from({ length: ORDERS }, (_, i) => i + 1)
  test.each(shuffles)('in whatever order the facts came: shuffle %i', async (shuffle) => {
    const tables = await tablesAfter([[LAST, {}]], seeded(seed + shuffle))
    expect({ seed, tables }).toEqual({ seed, tables: atOnce })
  })

  test('when a run is repeated', async () => {
    expect(
      await tablesAfter(
        [
          [LAST, {}],
          [LAST, {}],
        ],
        () => 0,
      ),
    ).toEqual(atOnce)
  })
})
