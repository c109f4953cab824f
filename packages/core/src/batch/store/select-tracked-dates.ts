import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { TrackedDate } from '../plan-dates.ts'

/** Every session that runs of this type ever worked on, with how it ended. */
export async function selectTrackedDates(
  db: Kysely<Tables>,
  batchType: string,
): Promise<readonly TrackedDate[]> {
  const rows = await db
    .selectFrom('batch_run_tracking')
    .select(['batch_date', 'status', 'phases'])
    .where('batch_type', '=', batchType)
    .orderBy('batch_date')
    .execute()
  // Only sessions are ever recorded, so the date of a row is one.
  return rows.map((row) => ({
    date: row.batch_date as SessionDate,
    status: row.status,
    phases: statuses(row.phases),
  }))
}

function statuses(phases: unknown): Record<string, string> {
  const entries = Object.entries((phases ?? {}) as Record<string, { readonly status?: string }>)
  return Object.fromEntries(entries.map(([name, { status }]) => [name, status ?? 'unknown']))
}
