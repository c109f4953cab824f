import type { AnalyticResult } from '../analytics/index.ts'
import { sessionsBack, sessionsBetween } from '../calendar/index.ts'
import {
  isRestAlarming,
  REST_SESSIONS,
  selectEarlierRests,
  type StoredExplanation,
} from '../pnl-explain/index.ts'
import { formatCents } from '../pnl/index.ts'
import type { PortfolioContext } from './portfolio-context.ts'

interface Explained {
  readonly portfolioId: string
  readonly result: AnalyticResult<StoredExplanation>
}

/** Portfolios that are named one by one; a bad price of the market would name them all. */
const NAMED = 20

/** What the alert of one portfolio ends with. */
const OF_EQUITY = ' % of equity'

/**
 * An alert for each portfolio of which too much of the day's P&L stays unexplained. What is usual is looked
 * up only for those above the fixed share, a few on most nights.
 */
export async function findRestAlarms(
  { books, database, date, settings, log }: PortfolioContext,
  explained: readonly Explained[],
): Promise<readonly string[]> {
  const large = new Map<string, StoredExplanation>()
  for (const { portfolioId, result } of explained) {
    const share = result.success ? result.metrics.restShare : null
    if (result.success && isRestAlarming(share, [], settings.pnlRestAlert)) {
      large.set(portfolioId, result.metrics)
    }
  }
  if (large.size === 0) return []
  const sessions = sessionsBetween(sessionsBack(date, REST_SESSIONS), sessionsBack(date, 1))
  const earlier = await selectEarlierRests(database.db, sessions, [...large.keys()])
  return books.dueOn(date).flatMap(({ portfolioId, name }): readonly string[] => {
    const found = large.get(portfolioId)
    if (found === undefined) return []
    const { lines, restShare } = found
    const usual = earlier.get(portfolioId) ?? []
    if (restShare === null || !isRestAlarming(restShare, usual, settings.pnlRestAlert)) return []
    const [rest, pnl] = [formatCents(lines.rest), formatCents(lines.dailyPnl)]
    const fields = { portfolio_id: portfolioId, rest, daily_pnl: pnl, rest_share: restShare }
    log.warn({ ...fields, batch_date: date }, 'pnl_unexplained')
    const percent = (100 * restShare).toFixed(1)
    return [`${name}: ${rest} of the day's P&L of ${pnl} is unexplained, ${percent}${OF_EQUITY}`]
  })
}

/** Of a date's alerts at most twenty of single portfolios' P&L; the others are counted. */
export function capRestAlarms(alerts: readonly string[]): readonly string[] {
  const alarms = alerts.filter((alert) => alert.endsWith(OF_EQUITY))
  const more = alarms.length - NAMED
  if (more <= 0) return alerts
  const unnamed = new Set(alarms.slice(NAMED))
  return [
    ...alerts.filter((alert) => !unnamed.has(alert)),
    `${more} more portfolios have P&L that is unexplained`,
  ]
}
