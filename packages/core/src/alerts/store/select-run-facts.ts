import { sql, type Kysely } from 'kysely'
import type { RunResult } from '../../batch/result.ts'
import type { Tables } from '../../database/index.ts'
import { jobTypesOf, LAYERS_OF } from '../../metrics/run-layer.ts'
import type { RunFacts } from '../judge-run.ts'

const RUNS_OF_MEDIAN = 5

/**
 * What judging a run needs from the database: the median of symbols over the five successful runs before
 * it that recorded sessions of the symbol layer, and how many active portfolios are due by its target and
 * are there. Null for a layer that the run does not have, and for a median without an earlier run.
 */
export async function selectRunFacts(
  db: Kysely<Tables>,
  result: RunResult,
): Promise<Omit<RunFacts, 'symbolsMinShare'>> {
  const layers = LAYERS_OF[result.job_type]
  const medianSymbols = layers.includes('symbol_batch') ? await selectMedian(db, result) : null
  const portfolios = layers.includes('portfolio_refresh')
    ? await selectPortfolios(db, result.target_date)
    : null
  return {
    medianSymbols,
    activePortfolios: portfolios?.active ?? null,
    currentPortfolios: portfolios?.current ?? null,
  }
}

async function selectMedian(
  db: Kysely<Tables>,
  { batch_run_id, started_at }: RunResult,
): Promise<number | null> {
  const { rows } = await sql<{ median: number | null }>`
    select percentile_cont(0.5) within group (order by symbols) as median
    from (
      select (h.summary ->> 'symbols_processed')::float8 as symbols
      from batch_run_history h
      where h.job_type = any(${jobTypesOf('symbol_batch')}::text[])
        and h.status in ('completed', 'completed_with_warnings')
        and h.started_at < ${started_at}::timestamptz
        and h.batch_run_id is distinct from ${batch_run_id}::uuid
        and exists (
          select from batch_run_tracking t
          where t.batch_run_id = h.batch_run_id and t.batch_type = 'symbol_batch'
        )
      order by h.started_at desc
      limit ${RUNS_OF_MEDIAN}
    ) recent
  `.execute(db)
  return rows[0]?.median ?? null
}

interface Portfolios {
  readonly active: number
  readonly current: number
}

/** One without `equity_as_of` is due by any target: its first run decides where it begins. */
async function selectPortfolios(db: Kysely<Tables>, target: string): Promise<Portfolios | null> {
  const { rows } = await sql<Portfolios>`
    select count(*)::int as active, count(s.portfolio_id)::int as current
    from portfolios f
    left join portfolio_snapshots s
      on s.portfolio_id = f.id and s.snapshot_date = ${target}::date and s.is_complete
    where f.is_active and f.deleted_at is null
      and coalesce(f.equity_as_of <= ${target}::date, true)
  `.execute(db)
  return rows[0] ?? null
}
