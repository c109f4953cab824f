import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sessionsFrom } from '../batch/batch-world.ts'
import { openFailingDatabase } from '../batch/failing-database.ts'
import type { LotFact, PortfolioFact } from './facts.ts'
import { PortfolioWorld } from './portfolio-world.ts'

const SESSIONS = sessionsFrom('2025-07-01', '2025-07-16')
const SYMBOLS = Array.from({ length: 10 }, (_, i) => `S${i}`)
const at = (i: number) => SESSIONS[i] ?? ''

describe('the number of statements of a run', () => {
  let world: PortfolioWorld
  beforeAll(async () => {
    world = await PortfolioWorld.create()
  })
  beforeEach(() => world.clear())
  afterAll(() => world[Symbol.asyncDispose]())

  async function addPortfolios(count: number, lots: number): Promise<void> {
    const lot = (i: number): LotFact => ({
      symbol: SYMBOLS[i % SYMBOLS.length] ?? '',
      quantity: `${i + 1}`,
      entry: '50',
      entryDate: at(0),
    })
    const portfolio = (i: number): PortfolioFact => ({
      name: `portfolio ${i}`,
      equity: '100000.00',
      asOf: at(0),
      lots: Array.from({ length: lots }, (_, k) => lot(i + k)),
      flows: [{ date: at(1), amount: '10' }],
    })
    const bars = Object.fromEntries(
      SYMBOLS.map((symbol, i) => [
        symbol,
        Object.fromEntries(SESSIONS.map((date, day) => [date, { close: String(50 + i + day) }])),
      ]),
    )
    const betas = Object.fromEntries(SYMBOLS.map((symbol, i) => [symbol, 1 + i / 10]))
    await world.facts({
      portfolios: Array.from({ length: count }, (_, i) => portfolio(i)),
      bars,
      betas,
      betaDates: SESSIONS,
    })
  }

  async function statementsOf(evening: string): Promise<number> {
    await using database = openFailingDatabase(world.store.url, 0, '')
    const { status } = await world.refresh(evening, {}, { database })
    expect(status).toBe('completed')
    return database.statements()
  }

  /** Of a run over so many sessions, after a first one. */
  async function statements(portfolios: number, lots: number, sessions: number): Promise<number> {
    await world.clear()
    await addPortfolios(portfolios, lots)
    await statementsOf(at(0))
    return statementsOf(at(sessions))
  }

  test('is the same for 8 and 24 portfolios, and for 3 and 9 lots each', async () => {
    const [few, many, wide] = [
      await statements(8, 3, 1),
      await statements(24, 3, 1),
      await statements(8, 9, 1),
    ]
    expect([many, wide]).toEqual([few, few])
    expect(few).toBeLessThan(200)
  })

  test('grows by the same with each date, whose number of portfolios does not matter', async () => {
    const [one, two, eight] = [
      await statements(5, 2, 1),
      await statements(5, 2, 2),
      await statements(20, 2, 8),
    ]
    expect(two).toBeGreaterThan(one)
    expect(eight).toBe(one + 7 * (two - one))
  })

  test('of a run with nothing to do is a handful', async () => {
    await addPortfolios(20, 3)
    await statementsOf(at(2))
    expect(await statementsOf(at(2))).toBeLessThanOrEqual(4)
  })
})
