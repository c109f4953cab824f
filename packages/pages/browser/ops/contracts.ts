/** What the administrators' endpoints answer, as far as the page reads it. Names are the API's. */

export interface Run {
  readonly batch_run_id: string
  readonly job_type: string
  readonly status: string
  readonly reason: string | null
  readonly source: string
  readonly triggered_by: string
  readonly started_at: string
  readonly completed_at: string | null
  readonly elapsed_seconds: number
  readonly target_date: string | null
  readonly jobs: { readonly total: number; readonly completed: number; readonly failed: number }
  readonly current_job: string | null
  readonly current_portfolio: string | null
  readonly progress_percent: number
  readonly cancel_requested: boolean
}

export type Current =
  | { readonly status: 'idle'; readonly message: string }
  | (Omit<Run, 'status'> & { readonly status: 'running'; readonly runs: readonly Run[] })

export interface LastRun {
  readonly run: Run | null
}

export interface Age {
  readonly date: string | null
  readonly sessions_behind: number | null
  readonly severity: 'ok' | 'warning' | 'critical'
}

export interface BatchStatus {
  readonly mode: 'v2' | 'legacy'
  readonly effective_date: string
  readonly symbol_batch: Run | null
  readonly portfolio_refresh: Run | null
  readonly legacy_batch: Run | null
  readonly newest_price_date: string | null
  readonly staleness: Age
}

export interface Started {
  readonly status: 'started' | 'nothing_lacking'
}

export interface RunCounts {
  readonly runs: number
  readonly success_rate: number | null
  readonly average_duration_seconds: number | null
  readonly longest_duration_seconds: number | null
}

export interface OnboardingQueue {
  readonly counts: {
    readonly pending: number
    readonly processing: number
    readonly failed: number
  }
  readonly max_queue: number
  readonly symbols: readonly {
    readonly symbol: string
    readonly state: 'pending' | 'processing' | 'failed'
    readonly queued_seconds: number
    readonly attempts: number
    readonly reason: string | null
    readonly estimated_seconds: number | null
  }[]
}

export interface CacheStatus {
  readonly symbols: {
    readonly loaded: boolean
    readonly refreshing: boolean
    readonly listening: boolean
    readonly symbols: number
    readonly sessions: number
    readonly prices_date: string | null
    readonly loaded_at: string | null
    readonly load_ms: number | null
    readonly hits: number
    readonly fallbacks: number
    readonly hit_rate: number | null
    readonly refreshes: number
    readonly failures: number
  }
  readonly answers: {
    readonly answers: number
    readonly hits: number
    readonly misses: number
    readonly hit_rate: number | null
    readonly outdated: number
  }
}

export interface MetricsSummary {
  readonly alerts: readonly {
    readonly key: string
    readonly severity: string
    readonly title: string
    readonly text: string | null
    readonly since: string | null
  }[]
}

export interface Failure {
  readonly batch_run_id: string
  readonly job_type: string
  readonly job_name: string
  readonly item_id: string | null
  readonly session: string | null
  readonly reason: string | null
  readonly error_category: string | null
  readonly error_message: string | null
  readonly attempts: number
  readonly failed_at: string
}

export interface RunLog {
  readonly entries: readonly {
    readonly at: string
    readonly level: 'info' | 'warning' | 'error'
    readonly event: string
    readonly text: string
  }[]
}

interface Counts {
  readonly total: number
  readonly lacking: number
}

export interface DataQuality {
  readonly effective_date: string
  readonly counts: { readonly symbols: Counts; readonly portfolios: Counts }
  readonly symbols: readonly {
    readonly symbol: string
    readonly newest_price: string | null
    readonly last_error: string | null
    readonly lacks: readonly string[]
  }[]
  readonly portfolios: readonly {
    readonly portfolio_id: string
    readonly name: string
    readonly newest_snapshot: string | null
    readonly lacks: readonly string[]
  }[]
}

export type FreshnessOfData = Readonly<
  Record<
    | 'prices'
    | 'factors'
    | 'symbol_metrics'
    | 'snapshots'
    | 'exposures'
    | 'correlations'
    | 'stress_tests',
    Age
  >
>

export interface SessionsSummary {
  readonly sessions: readonly {
    readonly session: string
    readonly snapshots: number
    readonly failed_items: number
    readonly short_of: readonly string[]
    readonly is_highlighted: boolean
  }[]
}
