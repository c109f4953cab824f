import {
  selectPortfolioFrame,
  type AnalyticAnswer,
  type PortfolioSource,
  type ReadSource,
} from '@sigmasight/core/analytics-reads'
import type { OwnedPortfolio } from '@sigmasight/core/portfolios'
import type { Context } from '../../http/endpoint.ts'

const MAINTENANCE_NOTE = 'Maintenance: figures are of the last complete snapshots.'

type Read<Source> = (source: Source) => AnalyticAnswer<unknown> | Promise<AnalyticAnswer<unknown>>

/** How a question is answered. */
export interface Reader {
  readonly read: Read<ReadSource>
  /** Whether new prices or factors of symbols make another answer, though nothing was computed of the portfolio. */
  readonly usesSymbols: boolean
}

/** A question about what was computed of the portfolio. */
export function ofPortfolio(read: Read<PortfolioSource>): Reader {
  return { read, usesSymbols: false }
}

/** A question for which prices or factors of symbols are read now. */
export function ofSymbols(read: Read<ReadSource>): Reader {
  return { read, usesSymbols: true }
}

type Asked = Pick<Context, 'clock' | 'config' | 'database' | 'services'>

/**
 * Answers a question about a portfolio, from memory when nothing that it rests on has changed since the same was
 * asked.
 *
 * @param question with all its parameters
 */
export async function answer(
  { clock, config, database, services }: Asked,
  portfolio: OwnedPortfolio,
  question: string,
  { read, usesSymbols }: Reader,
): Promise<{ readonly status: 200; readonly json: string }> {
  const { answers, frames, symbols } = services.caches
  const { db } = database
  const { id } = portfolio
  const own = `${symbols.portfolioVersion(id)} ${portfolio.version}`
  const version = usesSymbols ? `${own} ${symbols.symbolsVersion()}` : own
  const json = await answers.get(`${id} ${question}`, version, async () => {
    const frame = await frames.get(id, own, () => selectPortfolioFrame(db, id))
    const made = await read({ db, symbols, clock, frame, settings: config })
    return JSON.stringify(config.maintenanceMode ? { ...made, note: MAINTENANCE_NOTE } : made)
  })
  return { status: 200, json }
}
