import { sql, type Kysely, type RawBuilder } from 'kysely'
import { seedFactorDefinitions } from '../seed/factor-definitions.ts'
import { createYearlyPartitions } from './yearly-partitions.ts'

/** Factor definitions, the betas of symbols and portfolios, and the newest figures of each symbol. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of TABLES) await table.execute(db)
  await createYearlyPartitions(db, 'symbol_factor_exposures')
  await seedFactorDefinitions(db)
}

const TABLES: readonly RawBuilder<unknown>[] = [
  sql`
    create table factor_definitions (
      id uuid primary key default gen_random_uuid(),
      name text not null unique,
      factor_type text not null
        constraint factor_definitions_factor_type_check
        check (factor_type in ('market', 'style', 'macro')),
      calculation_method text not null,
      etf_proxy text collate "C",
      short_proxy text collate "C",
      window_days integer not null default 90
        constraint factor_definitions_window_days_check check (window_days > 0),
      min_observations integer not null default 30
        constraint factor_definitions_min_observations_check check (min_observations > 0),
      display_order integer not null default 0,
      is_active boolean not null default true,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
  `,
  sql`
    -- 33 million rows a year at 10,000 symbols. The date leads the key: a night's rows go to the right
    -- edge of one index, and the newest date is one contiguous range of it. No foreign key, whose
    -- check would cost every row; bounded text keeps the partitions free of TOAST tables.
    create table symbol_factor_exposures (
      id uuid not null default gen_random_uuid(),
      symbol varchar(32) collate "C" not null,
      factor_id uuid not null,
      calculation_date date not null,
      beta_value double precision not null,
      std_error double precision,
      t_stat double precision,
      r_squared double precision,
      observations integer,
      quality_flag varchar(16) not null default 'full_history'
        constraint symbol_factor_exposures_quality_flag_check
        check (quality_flag in ('full_history', 'limited_history', 'capped')),
      calculation_method varchar(32) not null,
      regularization_alpha double precision,
      regression_window_days integer,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      primary key (calculation_date, symbol, factor_id)
    ) partition by range (calculation_date);
  `,
  sql`
    create table symbol_daily_metrics (
      symbol text collate "C" primary key,
      metrics_date date not null,
      current_price numeric(18,6),
      return_1d double precision,
      return_mtd double precision,
      return_ytd double precision,
      return_1m double precision,
      return_3m double precision,
      return_1y double precision,
      market_cap numeric(18,2),
      enterprise_value numeric(18,2),
      pe_ratio double precision,
      ps_ratio double precision,
      pb_ratio double precision,
      sector text,
      industry text,
      company_name text,
      factor_momentum double precision,
      factor_value double precision,
      factor_growth double precision,
      factor_size double precision,
      factor_quality double precision,
      factor_low_volatility double precision,
      factor_growth_value_spread double precision,
      factor_momentum_spread double precision,
      factor_size_spread double precision,
      factor_quality_spread double precision,
      extra_factors jsonb not null default '{}',
      volatility_21d double precision,
      market_beta double precision,
      data_quality_score double precision,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
  `,
  sql`
    create table factor_exposures (
      id uuid primary key default gen_random_uuid(),
      portfolio_id uuid not null references portfolios (id) on delete cascade,
      factor_id uuid not null references factor_definitions (id) on delete cascade,
      calculation_date date not null,
      exposure_value double precision,
      exposure_dollar numeric(18,2),
      std_error double precision,
      coverage_pct double precision,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (portfolio_id, calculation_date, factor_id)
    );
  `,
]
