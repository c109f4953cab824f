import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** Of some ascending sessions, those on which no symbol at all has a close. */
export async function selectSessionsWithoutBars(
  db: Kysely<Tables>,
  sessions: readonly SessionDate[],
): Promise<ReadonlySet<SessionDate>> {
  const [first, last] = [sessions[0], sessions.at(-1)]
  if (first === undefined || last === undefined) return new Set()
  const { rows } = await sql<{ session: SessionDate }>`
    select s.session::text as session
    from unnest(${sessions}::date[]) as s (session)
    where not exists (
      select from market_data_cache
      where date = s.session and date between ${first} and ${last} and close is not null
    )
  `.execute(db)
  return new Set(rows.map(({ session }) => session))
}
