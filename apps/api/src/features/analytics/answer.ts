import {
  selectPortfolioFrame,
  type AnalyticAnswer,
  type ReadSource,
} from '@sigmasight/core/analytics-reads'
import type { OwnedPortfolio } from '@sigmasight/core/portfolios'
import type { Context } from '../../http/endpoint.ts'

const MAINTENANCE_NOTE = 'Maintenance: figures are of the last complete snapshots.'

type Asked = Pick<Context, 'clock' | 'config' | 'database' | 'services'>

/**
 * Answers a question about a portfolio, from memory when neither its data nor the portfolio has changed since
 * the same was asked.
 *
 * @param question with all its parameters
 */
export async function answer(
  { clock, config, database, services }: Asked,
  portfolio: OwnedPortfolio,
  question: string,
  read: (source: ReadSource) => AnalyticAnswer<unknown> | Promise<AnalyticAnswer<unknown>>,
): Promise<{ readonly status: 200; readonly json: string }> {
  const { answers, symbols } = services.caches
  const portfolioId = portfolio.id
  const version = `${symbols.versionFor(portfolioId)} ${portfolio.version}`
  const json = await answers.get({ portfolioId, question, version }, async () => {
    const frame = await selectPortfolioFrame(database.db, portfolioId)
    const made = await read({ db: database.db, symbols, clock, frame, settings: config })
    return JSON.stringify(config.maintenanceMode ? { ...made, note: MAINTENANCE_NOTE } : made)
  })
  return { status: 200, json }
}
