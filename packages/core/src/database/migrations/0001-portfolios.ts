import { sql, type Kysely, type RawBuilder } from 'kysely'

/** Users, their portfolios, the lots in them, and what happens to lots and cash. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of TABLES) await table.execute(db)
}

const TABLES: readonly RawBuilder<unknown>[] = [
  sql`
    create table users (
      id uuid primary key default gen_random_uuid(),
      email text not null,
      password_hash text not null,
      full_name text not null,
      is_admin boolean not null default false,
      is_active boolean not null default true,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create unique index users_email_key on users (lower(email));
  `,
  sql`
    create table portfolios (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null references users (id),
      name text not null,
      account_name text not null,
      account_type text not null,
      description text,
      currency char(3) not null default 'USD',
      equity_balance numeric(18,2) not null,
      initial_equity numeric(18,2) not null,
      equity_as_of date,
      -- Every lot counts from its entry on, not from the first snapshot on.
      is_from_inception boolean not null default false,
      is_active boolean not null default true,
      deleted_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create unique index portfolios_user_id_account_name_key
      on portfolios (user_id, account_name) where deleted_at is null;
  `,
  sql`
    create table positions (
      id uuid primary key default gen_random_uuid(),
      portfolio_id uuid not null references portfolios (id) on delete cascade,
      symbol text collate "C" not null,
      position_type text not null
        constraint positions_position_type_check
        check (position_type in ('LONG', 'SHORT', 'LC', 'LP', 'SC', 'SP')),
      investment_class text not null
        constraint positions_investment_class_check
        check (investment_class in ('PUBLIC', 'OPTIONS', 'PRIVATE')),
      investment_subtype text,
      quantity numeric(20,6) not null constraint positions_quantity_check check (quantity <> 0),
      entry_price numeric(18,6) not null,
      entry_date date not null,
      quantity_basis_date date not null default current_date,
      recognition_date date,
      recognition_price numeric(18,6),
      exit_price numeric(18,6),
      exit_date date,
      underlying_symbol text collate "C",
      strike_price numeric(18,6),
      expiration_date date,
      last_price numeric(18,6),
      last_price_date date,
      price_status text
        constraint positions_price_status_check
        check (price_status in ('current', 'stale', 'missing', 'manual')),
      market_value numeric(18,2),
      -- What a PRIVATE lot's market_value was before a snapshot first wrote a mark over it.
      entered_market_value numeric(18,2),
      unrealized_pnl numeric(18,2),
      realized_pnl numeric(18,2),
      notes text,
      deleted_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create index positions_portfolio_id_index on positions (portfolio_id);
    create index positions_symbol_index on positions (symbol);
    create index positions_underlying_symbol_index
      on positions (underlying_symbol) where underlying_symbol is not null;
  `,
  sql`
    create table position_realized_events (
      id uuid primary key default gen_random_uuid(),
      position_id uuid not null references positions (id) on delete cascade,
      portfolio_id uuid not null references portfolios (id) on delete cascade,
      trade_date date not null,
      quantity_closed numeric(20,6) not null
        constraint position_realized_events_quantity_closed_check check (quantity_closed > 0),
      exit_price numeric(18,6) not null,
      realized_pnl numeric(18,2),
      reason text not null default 'trade'
        constraint position_realized_events_reason_check
        check (reason in ('trade', 'expiry', 'assignment')),
      created_at timestamptz not null default now()
    );
    create index position_realized_events_position_id_index
      on position_realized_events (position_id, trade_date);
    create index position_realized_events_portfolio_id_index
      on position_realized_events (portfolio_id, trade_date);
  `,
  sql`
    create table position_valuations (
      id uuid primary key default gen_random_uuid(),
      position_id uuid not null references positions (id) on delete cascade,
      valuation_date date not null,
      market_value numeric(18,2) not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (position_id, valuation_date)
    );
  `,
  sql`
    create table equity_changes (
      id uuid primary key default gen_random_uuid(),
      portfolio_id uuid not null references portfolios (id) on delete cascade,
      change_type text not null
        constraint equity_changes_change_type_check
        check (change_type in ('CONTRIBUTION', 'WITHDRAWAL')),
      amount numeric(18,2) not null constraint equity_changes_amount_check check (amount > 0),
      change_date date not null,
      notes text,
      deleted_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create index equity_changes_portfolio_id_index on equity_changes (portfolio_id, change_date);
  `,
]
