import { sessionClose, sessionsBack } from '../../src/calendar/index.ts'
import { selectActiveDefinitions } from '../../src/factors/index.ts'
import type { PortfolioBooks, PortfolioContext } from '../../src/batch/portfolio-context.ts'
import { PortfolioRisk } from '../../src/batch/portfolio-risk.ts'
import { fixedClock } from '../../src/clock/index.ts'
import type { Logger } from '../../src/logging/index.ts'
import type { Database } from '../../src/database/index.ts'
import { createSyntheticMarket, DEMO_SEED } from '../../src/market-data/index.ts'
import { LAST_SOLVED_SESSIONS } from '../../src/options-pricing/index.ts'
import { openingEquity, valueBook, type Book, type Lot } from '../../src/pnl/index.ts'
import { exposureSymbol } from '../../src/exposures/index.ts'
import { loadBooks, loadPortfolioPrices } from '../../src/portfolios/index.ts'
import { insertLot, insertPortfolio } from '../exposures/stored-facts.ts'
import { PORTFOLIO_SETTINGS } from '../portfolios/portfolio-settings.ts'
import { BatchWorld, session } from './batch-world.ts'

/** The evening after which portfolios are worked on. */
export const EVENING = session('2025-07-10')

/** A database in which the symbol batch of the evening ran for these stocks of the synthetic market. */
export async function worldAfterSymbolBatch(stocks: readonly string[]): Promise<BatchWorld> {
  const world = await BatchWorld.create(stocks, createSyntheticMarket({ seed: DEMO_SEED }))
  const { status } = await world.run(EVENING)
  if (status !== 'completed') throw new Error(`the symbol batch ended as ${status}`)
  return world
}

export interface StoredPortfolio {
  readonly id: string
  readonly lotIds: readonly string[]
}

/** Stores portfolios of these lots under their names. */
export async function storePortfolios<Name extends string>(
  database: Database,
  portfolios: Readonly<Record<Name, readonly Lot[]>>,
): Promise<Readonly<Record<Name, StoredPortfolio>>> {
  const stored: [string, StoredPortfolio][] = []
  for (const [name, lots] of Object.entries<readonly Lot[]>(portfolios)) {
    const id = await insertPortfolio(database, name)
    const lotIds: string[] = []
    for (const lot of lots) lotIds.push(await insertLot(database, id, lot))
    stored.push([name, { id, lotIds }])
  }
  return Object.fromEntries(stored) as Record<Name, StoredPortfolio>
}

const nothing = (): void => undefined
const silent: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silent,
}

/** The context of a phase on the evening, all given portfolios due. */
export async function contextOf(
  world: BatchWorld,
  portfolioIds: readonly string[],
  changes: Partial<PortfolioContext> = {},
): Promise<PortfolioContext> {
  const { database } = world.store
  const shared = {
    database,
    definitions: await selectActiveDefinitions(database.db),
    books: await loadDue(database, portfolioIds),
    settings: PORTFOLIO_SETTINGS,
    ...changes,
  }
  const symbols = shared.books
    .dueOn(EVENING)
    .flatMap(({ book }) => book.lots.map(exposureSymbol))
    .filter((symbol) => symbol !== null)
  return {
    date: EVENING,
    isFinalDate: true,
    completed: new Set(),
    scope: { kind: 'universe' },
    log: silent,
    signal: new AbortController().signal,
    progress: () => undefined,
    batchRunId: '00000000-0000-0000-0000-000000000000',
    clock: fixedClock(sessionClose(EVENING)),
    risk: new PortfolioRisk({ ...shared, symbols, dates: [EVENING] }),
    ...shared,
  }
}

async function loadDue(
  database: Database,
  portfolioIds: readonly string[],
): Promise<PortfolioBooks> {
  const loaded = await loadBooks(
    database.db,
    portfolioIds.map((portfolioId) => {
      return { portfolioId, firstSnapshot: EVENING, equityAsOf: EVENING, fromInception: false }
    }),
  )
  const due = [...loaded.values()]
  const range = { from: sessionsBack(EVENING, LAST_SOLVED_SESSIONS), to: EVENING }
  const facts = due.map(({ book }) => book)
  const prices = await loadPortfolioPrices(database.db, facts, range)
  const factsOf = (portfolioId: string): Book => {
    const own = loaded.get(portfolioId)
    if (own === undefined) throw new RangeError(`portfolio ${portfolioId} is not due`)
    return own.book
  }
  return {
    prices,
    factsOf,
    dueIdsOn: () => due.map(({ portfolioId }) => portfolioId),
    dueOn: (date) => (date === EVENING ? due : []),
    valueOf: (portfolioId) => {
      const book = factsOf(portfolioId)
      const opening = openingEquity(book, prices)
      return valueBook(book, { date: EVENING, prices, previous: null, openingEquity: opening })
    },
    exclude: (portfolioId) => {
      throw new Error(`${portfolioId} is excluded, which only a failed snapshot may do`)
    },
  }
}
