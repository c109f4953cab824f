import { createHash } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../src/database/index.ts'

/** A row as jsonb without what identifies it technically and without the moments of writing. */
function withoutIds(alias: string): string {
  const ids = ['id', 'portfolio_id', 'position_id', 'factor_id', 'created_at', 'updated_at']
  return `to_jsonb(${alias}) - array[${ids.map((id) => `'${id}'`).join(', ')}]`
}

/**
 * What each table says apart from technical ids and the moments of writing: two runs that did the
 * same work must agree in every row of this.
 */
const RESULTS: Readonly<Record<string, string>> = {
  market_data_cache:
    'select symbol, date, open, high, low, close, volume, dividend, split_ratio, data_source, restated_at is not null as restated from market_data_cache',
  symbol_universe:
    'select symbol, asset_type, is_active, first_seen_date, last_seen_date, preferred_provider, consecutive_failures, last_error from symbol_universe',
  symbol_factor_exposures:
    'select e.symbol, d.name, e.calculation_date, e.beta_value, e.std_error, e.t_stat, e.r_squared, e.observations, e.quality_flag, e.calculation_method, e.regularization_alpha, e.regression_window_days from symbol_factor_exposures e join factor_definitions d on d.id = e.factor_id',
  symbol_daily_metrics:
    "select to_jsonb(m) - 'created_at' - 'updated_at' as row from symbol_daily_metrics m",
  portfolios:
    'select name, initial_equity, equity_balance, equity_as_of, is_active, deleted_at is not null as is_deleted from portfolios',
  portfolio_snapshots: `select f.name as portfolio, ${withoutIds('s')} as row from portfolio_snapshots s join portfolios f on f.id = s.portfolio_id`,
  positions: `select f.name as portfolio, ${withoutIds('p')} as row from positions p join portfolios f on f.id = p.portfolio_id`,
  position_realized_events: `select f.name as portfolio, p.symbol, p.entry_date, p.quantity, p.entry_price, p.notes, ${withoutIds('e')} as row from position_realized_events e join positions p on p.id = e.position_id join portfolios f on f.id = e.portfolio_id`,
  factor_exposures: `select f.name as portfolio, d.name as factor, ${withoutIds('e')} as row from factor_exposures e join factor_definitions d on d.id = e.factor_id join portfolios f on f.id = e.portfolio_id`,
  position_greeks: `select f.name as portfolio, p.symbol, p.entry_date, p.quantity, p.entry_price, p.notes, ${withoutIds('g')} as row from position_greeks g join positions p on p.id = g.position_id join portfolios f on f.id = p.portfolio_id`,
  position_volatility: `select f.name as portfolio, p.symbol, p.entry_date, p.quantity, p.entry_price, p.notes, ${withoutIds('v')} as row from position_volatility v join positions p on p.id = v.position_id join portfolios f on f.id = p.portfolio_id`,
  // Of portfolios: figures of runs and alerts tell how the work was done.
  daily_metrics:
    "select m.metric_date, m.metric_type, f.name as portfolio, m.dimensions - 'portfolio_id' as dimensions, m.value from daily_metrics m join portfolios f on f.id::text = m.dimensions ->> 'portfolio_id'",
  correlation_calculations: `select f.name as portfolio, ${withoutIds('c')} as row from correlation_calculations c join portfolios f on f.id = c.portfolio_id`,
  stress_test_scenarios:
    "select to_jsonb(s) - array['id', 'created_at', 'updated_at'] as row from stress_test_scenarios s",
  stress_test_results: `select f.name as portfolio, ${withoutIds('r')} as row from stress_test_results r join portfolios f on f.id = r.portfolio_id`,
  company_profiles:
    "select to_jsonb(c) - array['created_at', 'updated_at', 'last_updated', 'fundamentals_last_fetched'] as row from company_profiles c",
  statements: `select 1 as kind, ${withoutIds('i')} as row from income_statements i union all select 2, ${withoutIds('b')} from balance_sheets b union all select 3, ${withoutIds('c')} from cash_flows c`,
  batch_run_tracking:
    "select batch_type, batch_date, replace(status, '_with_warnings', '') as status from batch_run_tracking",
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
    // Sorted as text: rows that differ in nothing by which a query could sort them come in any order.
    for (const line of rows.map((row) => JSON.stringify(row)).sort()) hash.update(line).update('\n')
    tables[table] = { rows: rows.length, hash: hash.digest('hex').slice(0, 16) }
  }
  return tables
}
