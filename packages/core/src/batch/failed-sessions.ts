import type { SessionDate } from '../calendar/iso-date.ts'
import type { TrackedDate } from './plan-dates.ts'
import type { FailedPortfolioDate } from './store/select-failed-portfolio-dates.ts'

/** What `--reprocess failed` is about. */
export interface FailedSessions {
  /** Sessions on which a whole phase failed: of every portfolio. */
  readonly ofEverybody: ReadonlySet<SessionDate>
  /** Sessions on which the portfolio failed in some phase, by portfolio. */
  readonly ofPortfolio: ReadonlyMap<string, ReadonlySet<SessionDate>>
  /** Those of them on which its snapshot could not be made. */
  readonly snapshots: ReadonlyMap<string, ReadonlySet<SessionDate>>
}

export function failedSessions(
  tracked: readonly TrackedDate[],
  items: readonly FailedPortfolioDate[],
): FailedSessions {
  const isFailed = ({ status, phases }: TrackedDate) =>
    status === 'failed' || Object.values(phases).includes('failed')
  return {
    ofEverybody: new Set(tracked.filter(isFailed).map(({ date }) => date)),
    ofPortfolio: byPortfolio(items),
    snapshots: byPortfolio(items.filter(({ phase }) => phase === 'snapshots')),
  }
}

function byPortfolio(
  items: readonly FailedPortfolioDate[],
): ReadonlyMap<string, ReadonlySet<SessionDate>> {
  const groups = new Map<string, Set<SessionDate>>()
  for (const { portfolioId, date } of items) {
    const own = groups.get(portfolioId)
    if (own === undefined) groups.set(portfolioId, new Set([date]))
    else own.add(date)
  }
  return groups
}
