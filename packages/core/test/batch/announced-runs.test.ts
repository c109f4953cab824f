import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import type { RunRequest } from '../../src/batch/index.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'

const EVENING = '2025-07-10'

let world: PortfolioWorld
let portfolioId: string
let listener: pg.Client
const heard: unknown[] = []
beforeAll(async () => {
  world = await PortfolioWorld.create()
  await world.bars('SPY', { [EVENING]: '600' })
  portfolioId = await world.portfolio({ name: 'Book', equity: '1000', asOf: EVENING })
  listener = new pg.Client({ connectionString: world.store.url })
  await listener.connect()
  listener.on('notification', ({ payload }) => heard.push(JSON.parse(payload ?? 'null')))
  await listener.query('listen sigmasight_data')
})
afterAll(async () => {
  await listener.end()
  await world[Symbol.asyncDispose]()
})

/** What a run says when it has ended; by then it has been said. */
async function saidBy(request: Partial<RunRequest>): Promise<unknown> {
  heard.length = 0
  await world.refresh(EVENING, { force: true, ...request })
  await listener.query('select 1')
  return heard
}

test('a refresh of all says that every portfolio may have changed, and no symbol', async () => {
  expect(await saidBy({})).toEqual([{ symbols: [], portfolios: 'all' }])
})

test('a refresh of one portfolio names it and no symbol', async () => {
  const scope = { kind: 'portfolio', portfolioId } as const
  expect(await saidBy({ scope })).toEqual([{ symbols: [], portfolios: [portfolioId] }])
})

test('a refresh of one portfolio gives that one a new version, for those who do not listen', async () => {
  const other = await world.portfolio({ name: 'Other', equity: '1000', asOf: EVENING })
  const versions = async (): Promise<Record<string, Date>> => {
    const rows = await world.db.selectFrom('portfolios').select(['id', 'updated_at']).execute()
    return Object.fromEntries(rows.map(({ id, updated_at }) => [id, updated_at]))
  }
  await world.refresh(EVENING)
  const before = await versions()
  await world.refresh(EVENING, { force: true, scope: { kind: 'portfolio', portfolioId } })
  const after = await versions()
  expect(after[portfolioId]).not.toEqual(before[portfolioId])
  expect(after[other]).toEqual(before[other])
})

test('a run that found nothing to do says nothing', async () => {
  expect(await saidBy({ force: false })).toEqual([])
})

test('a run that fails says so too: what was whole has been written', async () => {
  const { pool } = world.store.database
  await pool.query('alter table portfolio_snapshots rename column daily_pnl to other')
  const said = await saidBy({}).catch(() => heard)
  await pool.query('alter table portfolio_snapshots rename column other to daily_pnl')
  expect(said).toEqual([{ symbols: [], portfolios: 'all' }])
})
