import { sql } from 'kysely'
import type { DateTime } from 'luxon'
import { transaction, type Database } from '../../database/index.ts'
import type { AlertChange, AlertState } from '../alert-state.ts'

/**
 * Changes what is remembered of an alert, one process at a time. A row of `daily_metrics` is one time of
 * firing, dated by the UTC day it began; a change that starts a new one adds a row, or takes over the
 * row of a time that began and ended on the same day.
 *
 * @returns the state after the change; null when the change left it as it was
 */
export async function changeAlertState(
  database: Database,
  key: string,
  { change, now }: { readonly change: AlertChange; readonly now: DateTime<true> },
): Promise<AlertState | null> {
  const dimensions = JSON.stringify({ key })
  return transaction(database, async ({ db }) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`alert:${key}`}, 0))`.execute(db)
    const { rows } = await sql<{ id: string; value: AlertState }>`
      select id, value from daily_metrics
      where metric_type = 'alert' and dimensions = ${dimensions}::jsonb
      order by metric_date desc, updated_at desc
      limit 1
    `.execute(db)
    const current = rows[0]
    const next = change(current?.value ?? null)
    if (next === null) return null
    const at = now.toJSDate()
    const value = JSON.stringify(next)
    const isNewTime = next.state === 'firing' && current?.value.state !== 'firing'
    if (current === undefined || isNewTime) {
      await sql`
        insert into daily_metrics (metric_date, metric_type, dimensions, value, created_at, updated_at)
        values (${now.toISODate()}, 'alert', ${dimensions}::jsonb, ${value}::jsonb, ${at}, ${at})
        on conflict (metric_date, metric_type, dimensions)
        do update set value = excluded.value, updated_at = excluded.updated_at
      `.execute(db)
    } else {
      await sql`
        update daily_metrics set value = ${value}::jsonb, updated_at = ${at} where id = ${current.id}
      `.execute(db)
    }
    return next
  })
}
