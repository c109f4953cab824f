import type { Kysely } from 'kysely'
import type { AnalyticResult } from '../../analytics/index.ts'
import { sessionIndex, sessionsBack } from '../../calendar/index.ts'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import { exposureBook } from '../../exposures/index.ts'
import { openingEquity, valueBook } from '../../pnl/index.ts'
import { loadBooks, loadPortfolioPrices, selectPortfolioStates } from '../../portfolios/index.ts'
import { loadPricePanel, totalReturns } from '../../returns/index.ts'
import { portfolioCorrelation, type PortfolioCorrelation } from '../portfolio-correlation.ts'
import { returnColumns, SESSIONS } from '../return-columns.ts'
import type { CorrelationLimits } from '../select-holdings.ts'

export interface CorrelationRequest extends CorrelationLimits {
  readonly portfolioId: string
  readonly date: SessionDate
}

/**
 * Computes the correlations of one portfolio on a date from what is stored now, as the night does, and
 * stores nothing: for other limits than the night's, or facts that have changed since.
 *
 * @returns null for a portfolio that is not active or has no snapshot on or before the date
 */
export async function correlateNow(
  db: Kysely<Tables>,
  { portfolioId, date, ...limits }: CorrelationRequest,
): Promise<AnalyticResult<PortfolioCorrelation> | null> {
  const [state] = await selectPortfolioStates(db, [portfolioId])
  const firstSnapshot = state?.snapshots?.first
  if (firstSnapshot === undefined || firstSnapshot > date) return null
  const equityAsOf = state?.equityAsOf ?? firstSnapshot
  const request = { portfolioId, firstSnapshot, equityAsOf, fromInception: false }
  const book = (await loadBooks(db, [request])).get(portfolioId)?.book
  if (book === undefined) return null
  const prices = await loadPortfolioPrices(db, [book], { from: firstSnapshot, to: date })
  const opening = openingEquity(book, prices)
  const value = valueBook(book, { date, prices, previous: null, openingEquity: opening })
  const { lots } = exposureBook(book, value, new Map())
  const listed = lots.filter(({ investmentClass }) => investmentClass === 'PUBLIC')
  const symbols = [...new Set(listed.map(({ symbol }) => symbol))].sort()
  const from = sessionsBack(date, SESSIONS)
  const returns = totalReturns(await loadPricePanel(db, { symbols, from, to: date }))
  const columns = returnColumns(returns, sessionIndex(date) - sessionIndex(from))
  return portfolioCorrelation(columns, lots, limits)
}
