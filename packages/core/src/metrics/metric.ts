/** What one metric means and which tags tell its figures apart; exporters register metrics from it. */
export interface MetricDefinition {
  readonly help: string
  readonly tags: readonly string[]
}

/** Every metric there is. Seconds are seconds, timestamps Unix seconds, shares and rates from 0 to 1. */
export const METRICS = {
  'v2.symbol_batch.duration_seconds': define('Time of a symbol batch.'),
  'v2.symbol_batch.symbols_processed': define('Symbols of the best session of a symbol batch.'),
  'v2.symbol_batch.symbols_limit': define('Fewest symbols that the newest symbol batch may have.'),
  'v2.symbol_batch.errors': define('Failed items of the worst session of a symbol batch.'),
  'v2.symbol_batch.failed_share': define(
    'Largest share of symbols that one phase failed on in one session.',
  ),
  'v2.symbol_batch.phase_duration_seconds': define('Time of a phase over all sessions.', 'phase'),
  'v2.symbol_batch.last_success_timestamp_seconds': define('When a symbol batch last succeeded.'),
  'v2.symbol_batch.last_run_success': define('1 when the last ended symbol batch succeeded, or 0.'),
  'v2.portfolio_refresh.duration_seconds': define(
    'Time of a portfolio refresh, waiting for the symbol batch included.',
  ),
  'v2.portfolio_refresh.portfolios_processed': define(
    'Portfolios of the best session of a portfolio refresh.',
  ),
  'v2.portfolio_refresh.portfolios_due': define('Active portfolios due by the newest target.'),
  'v2.portfolio_refresh.portfolios_current': define(
    'Of those due, the ones with a complete snapshot of that target, whichever run made it.',
  ),
  'v2.portfolio_refresh.portfolios_failed': define('Portfolios without a snapshot they were due.'),
  'v2.portfolio_refresh.snapshots_created': define('Snapshots over all sessions.'),
  'v2.portfolio_refresh.days_backfilled': define('Sessions before the target that were worked on.'),
  'v2.portfolio_refresh.errors': define('Failed items of the worst session of a refresh.'),
  'v2.portfolio_refresh.failed_share': define(
    'Largest share of portfolios that one phase failed on in one session.',
  ),
  'v2.portfolio_refresh.phase_duration_seconds': define(
    'Time of a phase over all sessions.',
    'phase',
  ),
  'v2.portfolio_refresh.last_success_timestamp_seconds': define('When a refresh last succeeded.'),
  'v2.portfolio_refresh.last_run_success': define('1 when the last ended refresh succeeded, or 0.'),
  'v2.onboarding.duration_seconds': define(
    'Time from entering a portfolio to its snapshot, of the newest of the last 24 hours.',
  ),
  'v2.onboarding.success_rate': define('Share of the last 24 hours’ onboardings that succeeded.'),
  'v2.cache.hits': define('Symbols and answers served from memory since the start.', 'cache'),
  'v2.cache.misses': define('Symbols and answers the database was asked for.', 'cache'),
  'v2.cache.invalidations': define('How often newer data took the place of older.', 'cache'),
  'v2.cache.loaded': define('1 when symbols can be served from memory, or 0.'),
  'v2.cache.symbols': define('Symbols in memory.'),
  'v2.freshness.sessions_behind': define('Settled sessions that a layer lacks.', 'layer'),
  'v2.schedule.overdue': define(
    'Whether a layer’s run for the session that is due has not begun: 1 or 0.',
    'layer',
  ),
  'v2.schedule.stale': define(
    'How much a layer lacks of what is due: 0 nothing, 1 one session, 2 more.',
    'layer',
  ),
} as const satisfies Readonly<Record<string, MetricDefinition>>

export type MetricName = keyof typeof METRICS

/** One figure of a metric. */
export interface MetricReading {
  readonly name: MetricName
  readonly value: number
  readonly tags: Readonly<Record<string, string>>
}

function define(help: string, ...tags: readonly string[]): MetricDefinition {
  return { help, tags }
}
