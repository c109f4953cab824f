import { sql, type Kysely, type RawBuilder } from 'kysely'

/** What is computed of portfolios and positions: snapshots, volatility, Greeks, stress, correlation. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of TABLES) await table.execute(db)
}

const TABLES: readonly RawBuilder<unknown>[] = [
  sql`
    create table portfolio_snapshots (
      id uuid primary key default gen_random_uuid(),
      portfolio_id uuid not null references portfolios (id) on delete cascade,
      snapshot_date date not null,
      equity_balance numeric(18,2),
      net_asset_value numeric(18,2),
      cash_value numeric(18,2),
      long_value numeric(18,2),
      short_value numeric(18,2)
        constraint portfolio_snapshots_short_value_check check (short_value <= 0),
      gross_exposure numeric(18,2),
      net_exposure numeric(18,2),
      daily_pnl numeric(18,2),
      daily_return double precision,
      cumulative_pnl numeric(18,2),
      unrealized_pnl numeric(18,2),
      daily_realized_pnl numeric(18,2),
      cumulative_realized_pnl numeric(18,2),
      daily_dividends numeric(18,2),
      cumulative_dividends numeric(18,2),
      daily_capital_flow numeric(18,2),
      cumulative_capital_flow numeric(18,2),
      num_positions integer not null default 0,
      num_long_positions integer not null default 0,
      num_short_positions integer not null default 0,
      positions_stale integer not null default 0,
      positions_missing integer not null default 0,
      portfolio_delta double precision,
      portfolio_gamma double precision,
      portfolio_theta double precision,
      portfolio_vega double precision,
      realized_volatility_21d double precision,
      realized_volatility_63d double precision,
      expected_volatility_21d double precision,
      volatility_trend text
        constraint portfolio_snapshots_volatility_trend_check
        check (volatility_trend in ('increasing', 'decreasing', 'stable')),
      volatility_percentile double precision,
      beta_calculated_90d double precision,
      beta_calculated_90d_r_squared double precision,
      beta_calculated_90d_observations integer,
      beta_provider_1y double precision,
      sector_exposure jsonb,
      hhi double precision,
      effective_num_positions double precision,
      top_3_concentration double precision,
      top_10_concentration double precision,
      is_complete boolean not null default false,
      is_partial boolean not null default false,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (portfolio_id, snapshot_date)
    );
    create index portfolio_snapshots_snapshot_date_index on portfolio_snapshots (snapshot_date);
  `,
  sql`
    create table position_volatility (
      id uuid primary key default gen_random_uuid(),
      position_id uuid not null references positions (id) on delete cascade,
      calculation_date date not null,
      realized_vol_21d double precision,
      realized_vol_63d double precision,
      expected_vol_21d double precision,
      vol_trend text
        constraint position_volatility_vol_trend_check
        check (vol_trend in ('increasing', 'decreasing', 'stable')),
      vol_percentile double precision,
      observations integer,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (position_id, calculation_date)
    );
  `,
  sql`
    create table position_greeks (
      id uuid primary key default gen_random_uuid(),
      position_id uuid not null references positions (id) on delete cascade,
      calculation_date date not null,
      implied_volatility double precision,
      delta double precision,
      gamma double precision,
      theta double precision,
      vega double precision,
      rho double precision,
      delta_dollars double precision,
      gamma_dollars double precision,
      model text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (position_id, calculation_date)
    );
  `,
  sql`
    create table stress_test_scenarios (
      id uuid primary key default gen_random_uuid(),
      scenario_id text not null unique,
      name text not null,
      description text,
      category text,
      severity text not null default 'moderate'
        constraint stress_test_scenarios_severity_check
        check (severity in ('base', 'mild', 'moderate', 'severe', 'extreme')),
      shock_config jsonb not null,
      active boolean not null default true,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
  `,
  sql`
    create table stress_test_results (
      id uuid primary key default gen_random_uuid(),
      portfolio_id uuid not null references portfolios (id) on delete cascade,
      scenario_id text not null references stress_test_scenarios (scenario_id)
        on update cascade on delete cascade,
      calculation_date date not null,
      direct_pnl numeric(18,2),
      correlated_pnl numeric(18,2),
      correlation_effect numeric(18,2),
      pnl_std_error numeric(18,2),
      factor_impacts jsonb not null default '{}',
      reason text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (portfolio_id, calculation_date, scenario_id)
    );
  `,
  sql`
    create table correlation_calculations (
      id uuid primary key default gen_random_uuid(),
      portfolio_id uuid not null references portfolios (id) on delete cascade,
      calculation_date date not null,
      duration_days integer not null default 90,
      symbols text[] collate "C" not null,
      matrix real[] not null,
      overall_correlation double precision,
      effective_positions double precision,
      positions_included integer not null default 0,
      positions_excluded integer not null default 0,
      data_quality jsonb not null default '{}',
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (portfolio_id, calculation_date, duration_days),
      constraint correlation_calculations_matrix_check
        check (cardinality(matrix) = cardinality(symbols) * (cardinality(symbols) - 1) / 2)
    );
  `,
  sql`
    -- Row i of the strict upper triangle of n symbols starts after (i - 1) * n - i * (i - 1) / 2 values.
    create view pairwise_correlations as
    select c.portfolio_id,
           c.calculation_date,
           c.duration_days,
           least(c.symbols[i], c.symbols[j]) as symbol_1,
           greatest(c.symbols[i], c.symbols[j]) as symbol_2,
           c.matrix[(i - 1) * n - i * (i - 1) / 2 + j - i] as correlation_value,
           c.created_at
    from correlation_calculations c
    cross join lateral cardinality(c.symbols) as n
    cross join lateral generate_series(1, n - 1) as i
    cross join lateral generate_series(i + 1, n) as j;
  `,
]
