import { sessionsBack } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import { transaction, type Database } from '../database/index.ts'
import type { MarketDataProvider } from '../market-data/index.ts'
import { demoId } from './demo-id.ts'
import { DEMO_PORTFOLIOS } from './demo-portfolios.ts'
import { planDemoPortfolio, type PlannedPortfolio } from './plan-demo-portfolio.ts'
import { quotesOf } from './quotes.ts'
import { insertDemoPortfolio, insertDemoUser } from './store/insert-demo.ts'

/** Entries and what came before them lie so many sessions before the effective date at most. */
const REACH_SESSIONS = 200

/** The demo's portfolios by id. */
export const DEMO_PORTFOLIO_IDS: ReadonlyMap<string, string> = new Map(
  DEMO_PORTFOLIOS.map(({ name }) => [demoId('portfolio', name), name]),
)

/** One portfolio of the demo after seeding. */
export interface SeededPortfolio {
  readonly id: string
  readonly name: string
  readonly lots: number
  readonly equityAsOf: string
  /** False = it was there already and is as it was. */
  readonly isNew: boolean
}

/**
 * Enters the demo's user and portfolios as of an effective date, asking the market itself for prices.
 * Portfolios that exist are left alone, whatever date they were entered for; each is entered whole or not
 * at all.
 *
 * @param market serves every session of the year before the effective date
 */
export async function seedDemo(
  database: Database,
  market: MarketDataProvider,
  effectiveDate: SessionDate,
): Promise<readonly SeededPortfolio[]> {
  const from = sessionsBack(effectiveDate, REACH_SESSIONS)
  const quotes = quotesOf(market, { from, to: effectiveDate })
  const userId = demoId('user')
  const plans: PlannedPortfolio[] = []
  for (const demo of DEMO_PORTFOLIOS) {
    plans.push(await planDemoPortfolio(demo, { userId, effectiveDate, quotes }))
  }
  return transaction(database, async ({ db }) => {
    await insertDemoUser(db, userId)
    const seeded: SeededPortfolio[] = []
    for (const plan of plans) {
      const stored = await insertDemoPortfolio(db, plan)
      seeded.push({ id: plan.portfolio.id, name: plan.portfolio.name, ...stored })
    }
    return seeded
  })
}
