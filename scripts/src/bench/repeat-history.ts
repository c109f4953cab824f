import { runStatement, type Database } from '@sigmasight/core/database'

/** What a night writes, and by which date. */
const TABLES = {
  symbol_factor_exposures: 'calculation_date',
  portfolio_snapshots: 'snapshot_date',
  factor_exposures: 'calculation_date',
  position_volatility: 'calculation_date',
  correlation_calculations: 'calculation_date',
  stress_test_results: 'calculation_date',
  daily_metrics: 'metric_date',
  batch_run_tracking: 'batch_date',
} as const

export interface RepeatedHistory {
  /** The date whose rows are repeated. */
  readonly of: string
  /** Every date that is to have them. */
  readonly on: readonly string[]
}

/**
 * Gives a date's rows to earlier dates as well: as many rows of history as nights would have left, in a
 * minute. Their figures are those of one day, which are as good as any to be in the way. Prices are not
 * repeated.
 */
export async function repeatHistory(
  database: Database,
  { of, on }: RepeatedHistory,
): Promise<void> {
  const dates = on.map((date) => `'${date}'`).join(', ')
  for (const [table, column] of Object.entries(TABLES)) {
    await runStatement(
      database,
      `do $$
       declare others text;
       begin
         select string_agg(quote_ident(column_name), ', ') into others
         from information_schema.columns
         where table_schema = 'public' and table_name = '${table}'
           and column_name not in ('id', '${column}');
         execute format(
           'insert into ${table} (%1$s, ${column}) select %1$s, d
            from ${table}, unnest(array[${dates.replaceAll("'", "''")}]::date[]) d
            where ${column} = ''${of}'' on conflict do nothing', others);
       end $$`,
    )
  }
  await runStatement(database, 'vacuum analyze')
}
