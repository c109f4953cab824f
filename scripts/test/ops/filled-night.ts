import { sql } from 'kysely'
import { morningAfter, type MorningAfter } from '../../../apps/api/test/admin-batch/night.ts'
import { tryAdvisoryLock } from '../../../packages/core/src/database/index.ts'
import { until } from '../../../packages/core/test/harness/until.ts'
import { readExposition, type Sample } from './exposition.ts'

/** What the run that is under way is limited to. */
const SCOPE = 'symbol_batch:symbols:LOST'

/** A server over a database with a night, an onboarding, a failed item, an alert that was sent, and a run under way. */
export async function filledNight(): Promise<MorningAfter> {
  const morning = await morningAfter()
  const { db, store } = morning.night
  // A run whose lock is free would be taken for dead.
  const lock = await tryAdvisoryLock(store.url, SCOPE)
  await sql`
    update batch_run_history
    set summary = jsonb_set(summary, '{dates,0,phases,prices,metrics,provider_calls}',
                            '{"yahoo": {"calls": 42, "retries": 1, "held_back": 0, "waited_ms": 9}}')
    where job_type = 'symbol_batch'
  `.execute(db)
  await sql`
    insert into batch_run_history (job_type, source, status, started_at, completed_at)
    values ('symbol_onboarding', 'onboarding', 'completed', now() - interval '3 seconds', now())
  `.execute(db)
  await sql`
    insert into batch_run_history (job_type, status, progress)
    values ('symbol_batch', 'running',
            ${JSON.stringify({ lock_names: [SCOPE], current_job: 'prices', done: 1, total: 2, percent: 50 })}::jsonb)
  `.execute(db)
  await sql`
    insert into batch_jobs (batch_run_id, job_name, job_type, item_id, status, reason, error_category)
    select batch_run_id, 'prices', 'symbol_batch', 'LOST', 'failed', 'no_bar', 'data'
    from batch_run_history limit 1
  `.execute(db)
  await sql`
    insert into batch_run_tracking (batch_type, batch_date, status)
    values ('symbol_batch', '2025-07-11', 'failed')
  `.execute(db)
  await sql`
    insert into daily_metrics (metric_date, metric_type, dimensions, value)
    values (current_date, 'alert', '{"key": "symbol_batch.errors"}',
            '{"state": "firing", "title": "Symbol batch had many errors", "severity": "warning",
              "first_sent_at": "2025-07-11T01:10:00Z", "last_sent_at": "2025-07-11T01:10:00Z"}'),
           ((now() at time zone 'America/New_York')::date, 'cache_daily', '{"process": "one"}',
            '{"hits": 90, "fallbacks": 10, "invalidations": 1}')
  `.execute(db)
  await sql`
    insert into positions (portfolio_id, symbol, position_type, investment_class, quantity, entry_price,
                           entry_date, quantity_basis_date)
    select id, 'LOST', 'LONG', 'PUBLIC', 1, 1, '2025-07-10', '2025-07-10' from portfolios
  `.execute(db)
  await until('a loaded cache', () => isLoaded(morning))
  return {
    ...morning,
    async [Symbol.asyncDispose]() {
      await lock?.[Symbol.asyncDispose]()
      await morning[Symbol.asyncDispose]()
    },
  }
}

async function isLoaded({ world }: MorningAfter): Promise<boolean> {
  const { body } = await world.anybody.get<{ mode?: string }>('/health/ready')
  return body.mode === 'cache'
}

/** What the server tells a scraper now, as it stands in Prometheus after the scrape. */
export async function scrape({ world }: MorningAfter): Promise<readonly Sample[]> {
  const { status, text } = await world.anybody.get('/metrics')
  if (status !== 200) throw new Error(`/metrics answered ${status}`)
  const target = { job: 'sigmasight-api', instance: 'api:8080' }
  return [
    ...readExposition(text).map((sample) => ({
      ...sample,
      labels: { ...sample.labels, ...target },
    })),
    { name: 'up', labels: target, value: 1 },
  ]
}
