import { createHash } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../src/database/index.ts'

/**
 * What each table says apart from technical ids and the moments of writing: two runs that did the
 * same work must agree in every row of this.
 */
const RESULTS: Readonly<Record<string, string>> = {
  market_data_cache:
    'select symbol, date, open, high, low, close, volume, dividend, split_ratio, data_source, restated_at is not null as restated from market_data_cache order by symbol, date',
  symbol_universe:
    'select symbol, asset_type, is_active, first_seen_date, last_seen_date, preferred_provider, consecutive_failures, last_error from symbol_universe order by symbol',
  symbol_factor_exposures:
    'select e.symbol, d.name, e.calculation_date, e.beta_value, e.std_error, e.t_stat, e.r_squared, e.observations, e.quality_flag, e.calculation_method, e.regularization_alpha, e.regression_window_days from symbol_factor_exposures e join factor_definitions d on d.id = e.factor_id order by e.symbol, d.name, e.calculation_date',
  symbol_daily_metrics:
    "select to_jsonb(m) - 'created_at' - 'updated_at' as row from symbol_daily_metrics m order by symbol",
  batch_run_tracking:
    'select batch_type, batch_date, status, symbols_fetched, data_coverage_pct from batch_run_tracking order by batch_type, batch_date',
}

export interface ResultTable {
  readonly rows: number
  readonly hash: string
}

/** The row count and a hash of every result table. */
export async function hashResults(
  db: Kysely<Tables>,
): Promise<Readonly<Record<string, ResultTable>>> {
  const tables: Record<string, ResultTable> = {}
  for (const [table, query] of Object.entries(RESULTS)) {
    const { rows } = await sql.raw<Record<string, unknown>>(query).execute(db)
    const hash = createHash('sha256')
    for (const row of rows) hash.update(JSON.stringify(row)).update('\n')
    tables[table] = { rows: rows.length, hash: hash.digest('hex').slice(0, 16) }
  }
  return tables
}
