import { sql, type Kysely, type RawBuilder } from 'kysely'
import { createYearlyPartitions } from './yearly-partitions.ts'

/** Symbols, their prices as traded, company profiles and financial statements. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of TABLES) await table.execute(db)
  await createYearlyPartitions(db, 'market_data_cache')
}

/** The three financial statements differ in their headline columns only. */
function statementTable(table: string, headlines: string): RawBuilder<unknown> {
  return sql`
    create table ${sql.table(table)} (
      id uuid primary key default gen_random_uuid(),
      symbol text collate "C" not null,
      period_date date not null,
      frequency text not null
        constraint ${sql.ref(`${table}_frequency_check`)}
        check (frequency in ('quarterly', 'annual')),
      ${sql.raw(headlines)},
      data jsonb not null default '{}',
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (symbol, period_date, frequency)
    );
  `
}

const TABLES: readonly RawBuilder<unknown>[] = [
  sql`
    create table symbol_universe (
      symbol text collate "C" primary key,
      asset_type text not null default 'equity'
        constraint symbol_universe_asset_type_check
        check (asset_type in ('equity', 'etf', 'fund', 'option', 'index')),
      sector text,
      industry text,
      is_active boolean not null default true,
      first_seen_date date,
      last_seen_date date,
      preferred_provider text,
      consecutive_failures integer not null default 0,
      last_error text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
  `,
  sql`
    -- 2.5 million rows a year at 10,000 symbols. Bounded text keeps the partitions free of TOAST tables.
    create table market_data_cache (
      id uuid not null default gen_random_uuid(),
      symbol varchar(32) collate "C" not null,
      date date not null,
      open numeric(18,6),
      high numeric(18,6),
      low numeric(18,6),
      close numeric(18,6),
      volume bigint,
      dividend numeric(18,6) not null default 0,
      split_ratio numeric(20,10) not null default 1
        constraint market_data_cache_split_ratio_check check (split_ratio > 0),
      data_source varchar(32) not null,
      fetched_at timestamptz not null default now(),
      restated_at timestamptz,
      created_at timestamptz not null default now(),
      primary key (symbol, date)
    ) partition by range (date);
    -- "Who has a price on this date?" is asked for every session of a run.
    create index market_data_cache_date_index on market_data_cache (date);
    -- Dividends and splits are one row in a hundred, and are read apart from prices.
    create index market_data_cache_events_index
      on market_data_cache (symbol, date) where dividend <> 0 or split_ratio <> 1;
  `,
  sql`
    create table company_profiles (
      symbol text collate "C" primary key,
      company_name text,
      sector text,
      industry text,
      exchange text,
      country text,
      currency text,
      market_cap numeric(18,2),
      pe_ratio double precision,
      forward_pe double precision,
      ps_ratio double precision,
      pb_ratio double precision,
      dividend_yield double precision,
      beta double precision,
      week_52_high numeric(18,6),
      week_52_low numeric(18,6),
      enterprise_value numeric(18,2),
      is_etf boolean not null default false,
      next_earnings_date date,
      fundamentals_last_fetched timestamptz,
      last_updated timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
  `,
  statementTable(
    'income_statements',
    `
    total_revenue numeric(18,2),
    cost_of_revenue numeric(18,2),
    gross_profit numeric(18,2),
    operating_income numeric(18,2),
    net_income numeric(18,2),
    ebitda numeric(18,2),
    basic_eps numeric(18,6),
    diluted_eps numeric(18,6)`,
  ),
  statementTable(
    'balance_sheets',
    `
    total_assets numeric(18,2),
    total_liabilities numeric(18,2),
    total_equity numeric(18,2),
    cash_and_equivalents numeric(18,2),
    total_debt numeric(18,2)`,
  ),
  statementTable(
    'cash_flows',
    `
    operating_cash_flow numeric(18,2),
    investing_cash_flow numeric(18,2),
    financing_cash_flow numeric(18,2),
    capital_expenditure numeric(18,2),
    free_cash_flow numeric(18,2),
    dividends_paid numeric(18,2)`,
  ),
]
