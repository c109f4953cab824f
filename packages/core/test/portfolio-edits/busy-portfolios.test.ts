import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { tryAdvisoryLock } from '../../src/database/index.ts'
import { parseCents } from '../../src/pnl/index.ts'
import { addFlow, PortfolioEditor } from '../../src/portfolio-edits/index.ts'
import { session, sessionsFrom } from '../batch/batch-world.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'

const [FIRST = '', SECOND = '', LAST = ''] = sessionsFrom('2025-07-08', '2025-07-10')

let world: PortfolioWorld
let portfolioId: string
beforeAll(async () => {
  world = await PortfolioWorld.create()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.clear()
  await world.bars('SPY', { [FIRST]: '600', [SECOND]: '601', [LAST]: '602' })
  portfolioId = await world.portfolio({ name: 'Book', equity: '1000.00', asOf: FIRST })
  await world.nights(FIRST, LAST)
})

const environment = () => ({ ...world.environment(LAST), sleep: (ms: number) => sleep(ms) })
const scope = () => ({ portfolioId, userId: world.userId })
const deposit = addFlow(
  { changeType: 'CONTRIBUTION', amount: parseCents('50.00'), date: session(SECOND), notes: null },
  session(LAST),
)
const equity = async () => (await world.snapshots(portfolioId, 'equity_balance')).at(-1)?.[1]
/** Waits for an answer however busy the machine is. */
const PATIENT = { longestWaitMs: 120_000 }
/** What another process holds that refreshes the portfolio. */
const otherRun = () =>
  tryAdvisoryLock(world.store.url, `portfolio_refresh:portfolio:${portfolioId}`)

test('an edit that meets a refresh of its portfolio waits for it and is answered with the result', async () => {
  const waiting = Promise.withResolvers<undefined>()
  const waits = (ms: number) => {
    waiting.resolve(undefined)
    return sleep(ms)
  }
  await using editor = new PortfolioEditor({ ...environment(), sleep: waits }, PATIENT)
  const other = await otherRun()
  const edit = editor.edit(scope(), deposit)
  await waiting.promise
  await other?.[Symbol.asyncDispose]()
  expect((await edit).recompute).toMatchObject({ status: 'completed', from: SECOND, to: LAST })
  expect(await equity()).toBe('1050.00')
})

test('an edit that would wait too long is answered, and computed when the refresh is over', async () => {
  await using editor = new PortfolioEditor(environment(), { longestWaitMs: 20 })
  const other = await otherRun()
  const { recompute } = await editor.edit(scope(), deposit)
  expect(recompute).toMatchObject({ status: 'running', from: SECOND, to: LAST, reason: null })
  expect(await world.sessions(portfolioId)).toEqual([FIRST])
  await other?.[Symbol.asyncDispose]()
  await editor[Symbol.asyncDispose]()
  expect(await equity()).toBe('1050.00')
})

test('an edit is computed also where the symbol batch of the newest date is not done (again)', async () => {
  await sql`update batch_run_tracking set status = 'failed' where batch_type = 'symbol_batch'`.execute(
    world.db,
  )
  await using editor = new PortfolioEditor(environment(), PATIENT)
  const { recompute } = await editor.edit(scope(), deposit)
  expect(recompute).toMatchObject({ status: 'completed', reason: null })
  expect(await equity()).toBe('1050.00')
})

test('an edit that comes between the snapshots and the checks of another one fails neither', async () => {
  const quiet = environment()
  const edits: ReturnType<typeof editor.edit<string>>[] = []
  const observer = {
    ...quiet.observer,
    phaseEnded: (date: string, phase: string) => {
      if (date === LAST && phase === 'snapshots' && edits.length < 2) {
        edits.push(editor.edit(scope(), deposit))
      }
    },
  }
  await using editor = new PortfolioEditor({ ...quiet, observer }, PATIENT)
  edits.push(editor.edit(scope(), deposit))
  // The second one is made while the first is computed.
  const first = await edits[0]
  const all = [first, await edits[1]]
  for (const made of all) {
    expect(made?.recompute).toMatchObject({ status: 'completed', reason: null })
  }
  expect(await equity()).toBe('1100.00')
})
