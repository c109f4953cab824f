import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/**
 * Signed rest ÷ equity that some portfolios had on some sessions, oldest first, by portfolio id. Sessions
 * without an explanation are left out.
 */
export async function selectEarlierRests(
  db: Kysely<Tables>,
  sessions: readonly IsoDate[],
  portfolioIds: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { rows } = await sql<{ portfolio_id: string; rests: number[] }>`
    select f.id as portfolio_id,
           array_agg((m.value ->> 'rest_share')::float8 order by m.metric_date) as rests
    from unnest(${portfolioIds}::uuid[]) as f (id)
    cross join unnest(${sessions}::date[]) as s (session)
    join daily_metrics m on m.metric_date = s.session and m.metric_type = 'pnl_explain'
      and m.dimensions = jsonb_build_object('portfolio_id', f.id)
    where m.value ->> 'rest_share' is not null
    group by f.id
  `.execute(db)
  return new Map(rows.map(({ portfolio_id, rests }) => [portfolio_id, rests]))
}
