/** The kinds of run that take a lock and leave a row in `batch_run_history`. */
export type JobType = 'symbol_batch' | 'portfolio_refresh' | 'symbol_onboarding' | 'legacy_batch'

/** `v2`: two programs, one a layer. `legacy`: one combined daily batch. */
export type BatchMode = 'v2' | 'legacy'

/** Who asked for a run. */
export type RunSource = 'cron' | 'onboarding' | 'settings' | 'admin' | 'manual'
