import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Breach, CheckReport, CheckScope } from '../check-report.ts'
import { completeSnapshots } from './complete-snapshots.ts'
import { findBreaches, isInScope, PORTFOLIO } from './find-breaches.ts'

export interface FiguresScope extends CheckScope {
  readonly date: SessionDate
  /** The phases that ran; figures of others are not asked for. */
  readonly phases: readonly string[]
}

const HAS_CORRELATION = `exists (
  select from correlation_calculations c
  where c.portfolio_id = f.id and c.calculation_date = s.snapshot_date and c.duration_days = 90)`
const HAS_EXPLANATION = `exists (
  select from daily_metrics e
  where e.metric_date = s.snapshot_date and e.metric_type = 'pnl_explain'
    and e.dimensions = jsonb_build_object('portfolio_id', f.id))`

/** A figure of a portfolio, the type of metric that says why it is missing, and whether it is there. */
const FIGURES = [
  ['greeks', 'greeks_unavailable', 'greeks', 's.portfolio_delta is not null'],
  ['analytics', 'analytics_unavailable', 'volatility', 's.realized_volatility_63d is not null'],
  ['analytics', 'analytics_unavailable', 'beta', 's.beta_calculated_90d is not null'],
  ['analytics', 'analytics_unavailable', 'provider_beta', 's.beta_provider_1y is not null'],
  ['analytics', 'analytics_unavailable', 'sectors', 's.sector_exposure is not null'],
  ['analytics', 'analytics_unavailable', 'concentration', 's.hhi is not null'],
  ['correlations', 'correlations_unavailable', 'correlations', HAS_CORRELATION],
  ['stress_tests', 'pnl_explain_unavailable', 'pnl_explain', HAS_EXPLANATION],
] as const

/** Reasons that a snapshot itself can contradict; P&L is explained by the lots of the day before. */
const CONTRADICTED = sql`(
  figure.name <> 'pnl_explain' and (
    (why.reason = 'no_active_positions') <> (s.num_positions = 0)
    or why.reason = 'insufficient_marks' and s.positions_missing = 0)
)`

/**
 * Portfolios that lack a figure without a reason, have both, or have a reason that their snapshot
 * contradicts: of each phase that ran, a figure or a reason is there for every complete snapshot.
 */
export async function findMissingFigures(
  db: Kysely<Tables>,
  scope: FiguresScope,
): Promise<CheckReport> {
  const { date, phases } = scope
  const asked = FIGURES.filter(([phase]) => phases.includes(phase))
  if (asked.length === 0) return { check: 'figures_or_reasons', checked: 0, breaches: [] }
  const snapshots = sql`from ${completeSnapshots(date)}`
  return findBreaches(db, {
    check: 'figures_or_reasons',
    checked: sql`select count(*) ${snapshots} where ${isInScope(scope)}`,
    breaches: sql<Breach>`
      select ${PORTFOLIO}, s.snapshot_date as date, figure.name as what,
             case when why.reason is null or figure.is_there then 'a figure or else a reason'
                  else 'a reason that the snapshot allows' end as expected,
             case when figure.is_there and why.reason is not null then 'both: ' || why.reason
                  else coalesce(why.reason, 'neither') end as actual
      ${snapshots}
      cross join lateral (values ${sql.join(asked.map(figureRow))}) as figure (metric, name, is_there)
      cross join lateral (
        select (
          select m.value ->> figure.name from daily_metrics m
          where m.metric_date = ${date} and m.metric_type = figure.metric
            and m.dimensions = jsonb_build_object('portfolio_id', f.id)
        ) as reason
        offset 0
      ) why
      where ${isInScope(scope)}
        and (figure.is_there = (why.reason is not null) or ${CONTRADICTED})
      order by f.name, f.id, figure.name
    `,
  })
}

function figureRow([, metric, name, isThere]: (typeof FIGURES)[number]): RawBuilder<unknown> {
  return sql.raw(`('${metric}', '${name}', ${isThere})`)
}
