import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** A session's P&L explained, as stored by the pnl_explain step; money in dollars. */
export interface ExplanationRow {
  readonly date: SessionDate
  readonly value: {
    readonly daily_pnl: number
    readonly factors: Readonly<Record<string, number>>
    readonly dividends: number
    readonly ex_dividend_fall: number
    readonly trades: number
    readonly private_revaluations: number
    readonly option_time_value: number
    readonly rest: number
    readonly rest_share: number | null
    readonly equity: number
    readonly coverage_pct: number | null
    readonly model_date: SessionDate
  }
}

/** The explanations of a portfolio's last sessions, newest first; a session without one is left out. */
export async function selectExplanations(
  db: Kysely<Tables>,
  portfolioId: string,
  sessions: readonly SessionDate[],
): Promise<readonly ExplanationRow[]> {
  const { rows } = await sql<ExplanationRow>`
    select m.metric_date as date, m.value
    from unnest(${sessions}::date[]) as s (session)
    join daily_metrics m on m.metric_date = s.session and m.metric_type = 'pnl_explain'
      and m.dimensions = jsonb_build_object('portfolio_id', ${portfolioId}::text)
    order by m.metric_date desc
  `.execute(db)
  return rows
}
