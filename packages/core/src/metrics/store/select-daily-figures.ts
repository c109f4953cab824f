import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** One row of the day's figures. */
export interface DailyFigure {
  readonly metric_date: IsoDate
  readonly metric_type: 'runs_daily' | 'onboarding_daily' | 'cache_daily'
  readonly dimensions: Readonly<Record<string, string>>
  readonly value: Readonly<Record<string, number | null>>
}

/** What was kept of each day from one on, newest first. */
export async function selectDailyFigures(
  db: Kysely<Tables>,
  from: IsoDate,
): Promise<readonly DailyFigure[]> {
  const { rows } = await sql<DailyFigure>`
    select metric_date, metric_type, dimensions, value from daily_metrics
    where metric_date >= ${from} and metric_type in ('runs_daily', 'onboarding_daily', 'cache_daily')
    order by metric_date desc, metric_type, dimensions
  `.execute(db)
  return rows
}
