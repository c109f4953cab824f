import type { StubRoutes } from './stub-server.ts'

const RUN = {
  batch_run_id: '40000000-0000-4000-8000-000000000001',
  job_type: 'symbol_batch',
  status: 'completed',
  reason: null,
  source: 'cron',
  triggered_by: 'cron',
  started_at: '2026-01-10T02:00:04.000Z',
  completed_at: '2026-01-10T02:03:41.000Z',
  elapsed_seconds: 217.4,
  target_date: '2026-01-09',
  jobs: { total: 4_012, completed: 4_009, failed: 3 },
  current_job: null,
  current_portfolio: null,
  progress_percent: 100,
  cancel_requested: false,
}
const REFRESH = {
  ...RUN,
  batch_run_id: '40000000-0000-4000-8000-000000000002',
  job_type: 'portfolio_refresh',
  status: 'completed_with_warnings',
  reason: 'regression_guard',
  started_at: '2026-01-10T02:30:01.000Z',
  completed_at: '2026-01-10T02:30:43.000Z',
  elapsed_seconds: 42.3,
  jobs: { total: 151, completed: 150, failed: 1 },
}
/** A run under way, as two processes show it. */
const ONBOARDINGS = {
  runs: 31,
  running: 0,
  completed: 30,
  completed_with_warnings: 0,
  failed: 1,
  aborted: 0,
  cancelled: 0,
  success_rate: 0.9677,
  average_duration_seconds: 0.21,
  longest_duration_seconds: 1.4,
  failed_jobs: 1,
  last_started_at: '2026-01-10T14:00:00.000Z',
  last_success_at: '2026-01-10T14:00:00.000Z',
}

export const RUNNING = {
  ...RUN,
  batch_run_id: '40000000-0000-4000-8000-000000000003',
  status: 'running',
  completed_at: null,
  elapsed_seconds: 61.2,
  jobs: { total: 1_480, completed: 612, failed: 2 },
  current_job: 'prices',
  progress_percent: 41.5,
}

const age = (sessions: number) => ({
  date: sessions === 0 ? '2026-01-09' : '2026-01-08',
  sessions_behind: sessions,
  level: sessions === 0 ? 'current' : `stale_${sessions}d`,
  severity: sessions === 0 ? 'ok' : 'warning',
})

const cacheAnswer = {
  symbols: {
    loaded: true,
    refreshing: false,
    listening: true,
    symbols: 1_193,
    sessions: 400,
    prices_date: '2026-01-09',
    factors_date: '2026-01-09',
    loaded_at: '2026-01-10T02:03:44.000Z',
    load_ms: 812,
    hits: 98_231,
    fallbacks: 412,
    hit_rate: 0.9958,
    refreshes: 12,
    failures: 0,
    notifications: 14,
  },
  answers: { answers: 310, hits: 20_112, misses: 1_902, hit_rate: 0.9136, outdated: 96 },
}

const analytic = { have: 150, explained: 0 }
const session = (date: string, short: readonly string[]) => ({
  session: date,
  snapshots: 150,
  failed_items: short.length,
  exposures: analytic,
  volatility: analytic,
  beta: analytic,
  concentration: analytic,
  correlations: short.length > 0 ? { have: 141, explained: 0 } : analytic,
  stress_tests: analytic,
  short_of: short,
  is_highlighted: short.length > 0,
})

/** A night that went well but for a few items. */
export const OPS_ROUTES: StubRoutes = {
  'GET /admin/batch/run/current': { body: { status: 'idle', message: 'No batch is running.' } },
  'GET /admin/batch/last-run': { body: { run: REFRESH } },
  'GET /admin/batch/status': {
    body: {
      mode: 'v2',
      effective_date: '2026-01-09',
      symbol_batch: RUN,
      portfolio_refresh: REFRESH,
      legacy_batch: null,
      newest_price_date: '2026-01-09',
      staleness: age(0),
    },
  },
  'GET /admin/batch/history': { body: { days: 7, runs: [REFRESH, RUN] } },
  'GET /admin/batch/history/summary': {
    body: {
      days: 1,
      types: [{ job_type: 'symbol_onboarding', ...ONBOARDINGS }],
      onboarding: ONBOARDINGS,
    },
  },
  [`GET /admin/batch/history/${REFRESH.batch_run_id}/logs`]: {
    body: {
      batch_run_id: REFRESH.batch_run_id,
      entries: [
        {
          at: REFRESH.started_at,
          level: 'info',
          event: 'run_started',
          text: 'portfolio_refresh for 2026-01-09, cron, by cron',
        },
        { at: REFRESH.completed_at, level: 'warning', event: 'alert', text: '1 portfolio failed' },
      ],
    },
  },
  'GET /admin/batch/failures': {
    body: {
      since: '2026-01-03T00:00:00.000Z',
      failures: [
        {
          batch_run_id: RUN.batch_run_id,
          job_type: 'symbol_batch',
          job_name: 'prices',
          item_id: 'ZZZQ',
          portfolio_id: null,
          session: '2026-01-09',
          reason: 'unknown_symbol',
          error_category: 'permanent',
          error_message: 'no provider knows the symbol',
          attempts: 1,
          failed_at: '2026-01-10T02:01:11.000Z',
        },
      ],
    },
  },
  'GET /admin/batch/jobs/summary': {
    body: {
      days: 10,
      sessions: [session('2026-01-09', []), session('2026-01-08', ['correlations'])],
    },
  },
  'GET /admin/batch/data-quality': {
    body: {
      effective_date: '2026-01-09',
      counts: { symbols: { total: 1_193, lacking: 1 }, portfolios: { total: 150, lacking: 0 } },
      symbols: [
        {
          symbol: 'ZZZQ',
          asset_type: 'equity',
          is_active: true,
          newest_price: null,
          prices: 0,
          factors: 0,
          has_profile: false,
          consecutive_failures: 4,
          last_error: 'unknown_symbol',
          coverage_pct: 0,
          lacks: ['price', 'factors'],
        },
      ],
      portfolios: [],
    },
  },
  'GET /admin/data/freshness': {
    body: {
      effective_date: '2026-01-09',
      prices: age(0),
      factors: age(0),
      symbol_metrics: age(0),
      snapshots: age(0),
      exposures: age(0),
      correlations: age(1),
      stress_tests: age(0),
      profiles_updated_at: '2026-01-10T02:01:30.000Z',
    },
  },
  'GET /admin/cache/status': { body: cacheAnswer },
  'GET /admin/onboarding/queue': {
    body: {
      counts: { pending: 1, processing: 1, failed: 1 },
      max_queue: 50,
      concurrency: 3,
      symbols: [
        queued('NEWCO', 'processing', null),
        queued('SECONDCO', 'pending', null),
        queued('ZZZQ', 'failed', 'unknown_symbol'),
      ],
    },
  },
  'GET /admin/system/metrics-summary': {
    body: {
      alerts: [
        {
          key: 'portfolio_refresh.stale',
          severity: 'warning',
          title: 'Portfolio data is stale',
          text: 'The newest finished session is 2026-01-08; 1 session is missing through 2026-01-09.',
          since: '2026-01-10T02:46:00.000Z',
        },
      ],
      metrics: [],
      days: [],
    },
  },
}

function queued(symbol: string, state: string, reason: string | null): object {
  const isFailed = state === 'failed'
  return {
    symbol,
    state,
    queued_at: '2026-01-10T14:00:00.000Z',
    queued_seconds: 12,
    attempts: isFailed ? 3 : 1,
    reason,
    estimated_seconds: isFailed ? null : 8,
  }
}
