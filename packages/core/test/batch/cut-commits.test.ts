import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { RunResult } from '../../src/batch/index.ts'
import { PostgresProxy, type CommitFate, type CommitJudge } from '../harness/postgres-proxy.ts'
import { hashResults, type ResultTable } from '../harness/result-tables.ts'
import { range, type BatchWorld } from './batch-world.ts'
import { ScriptedMarket } from './scripted-market.ts'
import { chooseSeed, seeded } from './seeded.ts'
import { connectThrough, createTwoLayers, HELD_STOCKS, workOf } from './two-layers.ts'

const SESSIONS = ['2025-07-10', '2025-07-11']
const [FIRST = '', LAST = ''] = SESSIONS
/** How many COMMITs meet each fate; `SOAK_COMMITS=1000` takes all. */
const CUT_COMMITS = Number(process.env['SOAK_COMMITS'] ?? 6)

interface Night {
  readonly results: readonly RunResult[]
  readonly tables: Readonly<Record<string, ResultTable>>
  readonly failedItems: readonly unknown[]
  readonly commits: number
}

const FAILED_ITEMS =
  "select job_name, item_id, reason, attempts, job_metadata ->> 'session' as session from batch_jobs order by 1, 2, 5"

describe('a connection that breaks between a COMMIT and its answer', () => {
  let market: ScriptedMarket
  let undisturbed: Night
  beforeAll(async () => {
    market = await ScriptedMarket.create(HELD_STOCKS, { from: '2024-05-01', to: LAST })
    // One symbol without a price on the last session: an item that fails.
    market.remove('ZINC', LAST)
    undisturbed = await nightWith(null)
  })
  afterAll(() => {
    market[Symbol.dispose]()
  })

  const newWorld = () => createTwoLayers(market.provider(), SESSIONS)

  /** Both layers' backfill in a new world, with COMMITs judged. */
  async function nightWith(judge: CommitJudge | null): Promise<Night> {
    await using world = await newWorld()
    await using proxy = await PostgresProxy.start(world.store.url)
    return await backfill(world, proxy, judge)
  }

  async function backfill(world: BatchWorld, proxy: PostgresProxy, judge: CommitJudge | null) {
    await using connections = await connectThrough(proxy)
    proxy.judgeCommits(judge)
    const results = [
      await world.run(LAST, range(FIRST, LAST), connections),
      await world.refresh(LAST, {}, connections),
    ]
    return {
      results,
      tables: await hashResults(world.db),
      failedItems: await world.rows(FAILED_ITEMS),
      commits: proxy.commits,
    }
  }

  function sample(count: number, random: () => number): readonly number[] {
    const numbers = Array.from({ length: undisturbed.commits }, (_, i) => i + 1)
    return numbers.filter(() => random() < count / undisturbed.commits)
  }

  test.each([
    ['after the server committed', 'cut_after'],
    ['before the server got it', 'cut_before'],
  ] as const)(
    'does nothing twice and leaves nothing out: %s',
    async (_title, fate: CommitFate) => {
      expect(undisturbed.commits).toBeGreaterThan(20)
      expect(undisturbed.failedItems).toHaveLength(1)
      const seed = chooseSeed('SOAK_COMMITS_SEED')
      const chosen = sample(CUT_COMMITS, seeded(seed))
      for (const number of chosen) {
        const night = await nightWith((n) => (n === number ? fate : 'passes'))
        const said = (of: Night) => ({
          seed,
          number,
          tables: of.tables,
          failedItems: of.failedItems,
          work: of.results.map(workOf),
        })
        expect(said(night)).toEqual(said(undisturbed))
      }
      process.stdout.write(`${chosen.length} of ${undisturbed.commits} COMMITs met ${fate}\n`)
    },
    180_000 + 30_000 * CUT_COMMITS,
  )
})
