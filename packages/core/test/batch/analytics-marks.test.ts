import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { LotFact } from '../portfolios/facts.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { AGAIN, analyticsIn, EVENING, MARKET, worth } from './analytics-world.ts'
import { storeReturns } from './stored-returns.ts'

let world: PortfolioWorld
beforeAll(async () => {
  world = await PortfolioWorld.create()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.clear()
  await storeReturns(world, EVENING, MARKET)
})

const { portfolioOf, figuresOf, analyticsOf, reasonsOf, positionVolatilities, phaseOf } =
  analyticsIn(() => world)

describe('a portfolio without enough marks', () => {
  /** Fifty lots, some of a symbol whose last close is too old. */
  const fifty = (missing: number): readonly LotFact[] => [
    ...Array.from({ length: 50 - missing }, () => worth('AAA', 1_000)),
    ...Array.from({ length: missing }, () => worth('GONE', 1_000)),
  ]
  beforeEach(() => world.bars('GONE', { '2025-06-02': '100' }))

  test('has no analytics and a reason; its snapshot stays', async () => {
    const six = await portfolioOf('six percent', fifty(3))
    const four = await portfolioOf('four percent', fifty(2))
    expect(await phaseOf(EVENING)).toMatchObject({
      processed: 1,
      skipped: 1,
      reasons: { insufficient_marks: 1 },
    })
    expect(new Set(await analyticsOf(six))).toEqual(new Set([null]))
    expect((await figuresOf(six)).gross_exposure).toBe('50000.00')
    const reason = 'insufficient_marks'
    expect(await reasonsOf(six)).toEqual(
      Object.fromEntries(
        ['volatility', 'beta', 'provider_beta', 'sectors', 'concentration'].map((figure) => [
          figure,
          reason,
        ]),
      ),
    )
    expect((await figuresOf(four)).realized_volatility_63d).not.toBeNull()
    // Lots of AAA in the other portfolio.
    expect(await positionVolatilities()).toHaveLength(48)
  })

  test('obeys the configured share', async () => {
    const six = await portfolioOf('six percent', fifty(3))
    await world.refresh(EVENING, {}, { settings: { analyticsMaxMissingShare: 0.06 } })
    expect((await figuresOf(six)).realized_volatility_63d).not.toBeNull()
  })

  test('is none because of symbols that nobody was asked about yet', async () => {
    const waiting = [worth('AAA', 50_000), worth('UNSEEN', 1_000)]
    const id = await portfolioOf('new', waiting)
    await world.refresh(EVENING)
    expect((await figuresOf(id)).realized_volatility_63d).not.toBeNull()
    await sql`
      insert into symbol_universe (symbol, consecutive_failures) values ('UNSEEN', 1)
    `.execute(world.db)
    await world.refresh(EVENING, AGAIN)
    expect(new Set(await analyticsOf(id))).toEqual(new Set([null]))
    expect(await positionVolatilities()).toEqual([])
  })

  test('is none because of options when nobody who is configured has their prices', async () => {
    const call: LotFact = {
      ...worth('AAA250919C00100000', 500),
      investmentClass: 'OPTIONS',
      underlying: 'AAA',
    }
    const id = await portfolioOf('calls', [worth('AAA', 50_000), call])
    await sql`
      insert into symbol_universe (symbol, consecutive_failures) values ('AAA250919C00100000', 1)
    `.execute(world.db)
    await world.refresh(EVENING, {}, { settings: { hasOptionPrices: false } })
    expect((await figuresOf(id)).realized_volatility_63d).not.toBeNull()
    await world.refresh(EVENING, AGAIN)
    expect((await figuresOf(id)).realized_volatility_63d).toBeNull()
  })
})
