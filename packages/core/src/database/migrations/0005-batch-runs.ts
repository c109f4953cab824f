import { sql, type Kysely, type RawBuilder } from 'kysely'

const RUN_STATES = sql.raw(
  ['running', 'completed', 'completed_with_warnings', 'failed', 'aborted', 'skipped', 'cancelled']
    .map((state) => `'${state}'`)
    .join(', '),
)

/**
 * What runs did: one row a run, one row a session, one row an item. Rows of a run carry its id
 * without a foreign key, so that old runs can be deleted while what was learnt from them stays.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of TABLES) await table.execute(db)
}

const TABLES: readonly RawBuilder<unknown>[] = [
  sql`
    create table batch_run_history (
      id uuid primary key default gen_random_uuid(),
      batch_run_id uuid not null unique default gen_random_uuid(),
      job_type text not null,
      triggered_by text not null default 'unknown',
      source text not null default 'manual',
      status text not null default 'running'
        constraint batch_run_history_status_check check (status in (${RUN_STATES})),
      started_at timestamptz not null default now(),
      heartbeat_at timestamptz not null default now(),
      completed_at timestamptz,
      target_date date,
      portfolio_id uuid,
      total_jobs integer not null default 0,
      completed_jobs integer not null default 0,
      failed_jobs integer not null default 0,
      progress jsonb not null default '{}',
      summary jsonb,
      error_summary jsonb,
      activity_log jsonb not null default '[]',
      cancel_requested boolean not null default false,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create index batch_run_history_started_at_index on batch_run_history (started_at);
    create index batch_run_history_job_type_index on batch_run_history (job_type, started_at);
    create index batch_run_history_running_index
      on batch_run_history (job_type) where status = 'running';
    create index batch_run_history_portfolio_id_index
      on batch_run_history (portfolio_id, started_at) where portfolio_id is not null;
  `,
  sql`
    create table batch_run_tracking (
      id uuid primary key default gen_random_uuid(),
      batch_type text not null,
      batch_date date not null,
      status text not null default 'running'
        constraint batch_run_tracking_status_check check (status in (${RUN_STATES})),
      batch_run_id uuid,
      phases jsonb not null default '{}',
      symbols_fetched integer,
      data_coverage_pct double precision,
      portfolios_processed integer,
      completed_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (batch_type, batch_date)
    );
    create index batch_run_tracking_completed_at_index on batch_run_tracking (completed_at);
  `,
  sql`
    create table batch_jobs (
      id uuid primary key default gen_random_uuid(),
      batch_run_id uuid not null,
      job_name text not null,
      job_type text not null,
      item_id text collate "C",
      portfolio_id uuid,
      status text not null
        constraint batch_jobs_status_check
        check (status in ('running', 'success', 'failed', 'skipped')),
      reason text,
      error_category text
        constraint batch_jobs_error_category_check
        check (error_category in ('transient', 'permanent', 'data')),
      error_message text
        constraint batch_jobs_error_message_check check (char_length(error_message) <= 1000),
      attempts integer not null default 1,
      started_at timestamptz not null default now(),
      completed_at timestamptz,
      duration_ms integer,
      records_processed integer,
      job_metadata jsonb not null default '{}',
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create index batch_jobs_batch_run_id_index on batch_jobs (batch_run_id);
    create index batch_jobs_item_id_index on batch_jobs (job_name, item_id);
    create index batch_jobs_failed_index on batch_jobs (started_at) where status = 'failed';
  `,
  sql`
    create table daily_metrics (
      id uuid primary key default gen_random_uuid(),
      metric_date date not null,
      metric_type text not null,
      dimensions jsonb not null default '{}',
      value jsonb not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (metric_date, metric_type, dimensions)
    );
  `,
]
