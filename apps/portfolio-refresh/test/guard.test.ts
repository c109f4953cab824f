import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { pastRuns } from '../../symbol-batch/test/batch-command.ts'
import {
  backfillFacts,
  BACKFILL_SESSIONS,
} from '../../../packages/core/test/portfolios/backfill-book.ts'
import { PortfolioWorld } from '../../../packages/core/test/portfolios/portfolio-world.ts'
import { RefreshCommand, resultOf } from './refresh-command.ts'

let world: PortfolioWorld
beforeAll(async () => {
  world = await PortfolioWorld.create()
})
afterAll(() => world[Symbol.asyncDispose]())

test('a breach that the regression guard finds ends portfolio-refresh with exit 3', async () => {
  await world.facts(backfillFacts())
  await world.symbolBatchDone(...BACKFILL_SESSIONS)
  // Somebody else writes into our tables.
  await sql`
    create function meddle() returns trigger language plpgsql as $$
    begin new.daily_pnl := new.daily_pnl + 0.01; return new; end $$
  `.execute(world.db)
  await sql`
    create trigger meddle before insert on portfolio_snapshots
    for each row execute function meddle()
  `.execute(world.db)
  const end = await new RefreshCommand(world.store.url).run('--summary-json')
  expect(end.code).toBe(3)
  expect(resultOf(end)).toMatchObject({ status: 'failed', reason: 'guard' })
  expect(await pastRuns(world.store)).toMatchObject([{ status: 'failed', reason: 'guard' }])
  const kept = await world.rows(sql`select from portfolio_snapshots where is_complete`)
  expect(kept.length).toBeGreaterThan(140)
})
