import { transaction, type Database, type Transaction } from '../database/index.ts'
import { touchPortfolios } from '../portfolios/index.ts'
import type { Edit, EditedPortfolio, OutdatedSessions } from './edited-portfolio.ts'
import { notFound } from './edit-refused.ts'
import { outdatedSessions } from './outdated-sessions.ts'
import { invalidateSnapshots } from './store/invalidate-snapshots.ts'
import { lockEditedPortfolio } from './store/lock-edited-portfolio.ts'

/** Changes facts of a portfolio in the caller's transaction. Throws EditRefused. */
export type EditFacts<T> = (tx: Transaction, portfolio: EditedPortfolio) => Promise<Edit<T>>

export interface MadeEdit<T> {
  readonly value: T
  /** What is to be computed again; null when nothing is. */
  readonly outdated: OutdatedSessions | null
}

/**
 * Makes an edit under the portfolio's row lock: facts change and the snapshots that rest on them leave the eyes
 * of readers in one transaction. What is outdated is left to be computed again.
 *
 * @throws EditRefused when the edit cannot be made; then nothing is changed
 */
export function editPortfolio<T>(
  database: Database,
  portfolioId: string,
  edit: EditFacts<T>,
): Promise<MadeEdit<T>> {
  return transaction(database, async (tx) => {
    const portfolio = await lockEditedPortfolio(tx, portfolioId)
    if (portfolio === null) throw notFound('portfolio', 'PORTFOLIO_NOT_FOUND')
    const { value, touched } = await edit(tx, portfolio)
    const outdated = outdatedSessions(portfolio, touched)
    if (outdated !== null) await invalidateSnapshots(tx, portfolioId, outdated)
    await touchPortfolios(tx.db, [portfolioId])
    return { value, outdated }
  })
}
