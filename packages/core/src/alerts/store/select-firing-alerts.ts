import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { AlertState } from '../alert-state.ts'

/** An alert that was not followed by its recovery. */
export interface FiringAlert extends AlertState {
  readonly key: string
}

/** What is firing, by key. */
export async function selectFiringAlerts(db: Kysely<Tables>): Promise<readonly FiringAlert[]> {
  const { rows } = await sql<{ key: string; value: AlertState }>`
    select dimensions ->> 'key' as key, value from daily_metrics
    where metric_type = 'alert' and value ->> 'state' = 'firing'
    order by 1
  `.execute(db)
  return rows.map(({ key, value }) => ({ ...value, key }))
}
