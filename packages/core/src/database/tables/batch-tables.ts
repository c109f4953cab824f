import type { Generated } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type {
  DefaultInstant,
  DefaultJson,
  Id,
  JsonDocument,
  MissableInstant,
  MissableJson,
  Mutable,
} from './columns.ts'

export type RunState =
  | 'running'
  | 'completed'
  | 'completed_with_warnings'
  | 'failed'
  | 'aborted'
  | 'skipped'
  | 'cancelled'

export interface BatchRunHistoryTable extends Mutable {
  id: Id
  batch_run_id: Generated<string>
  job_type: string
  triggered_by: Generated<string>
  source: Generated<string>
  status: Generated<RunState>
  started_at: DefaultInstant
  heartbeat_at: DefaultInstant
  completed_at: MissableInstant
  target_date: IsoDate | null
  portfolio_id: string | null
  total_jobs: Generated<number>
  completed_jobs: Generated<number>
  failed_jobs: Generated<number>
  progress: DefaultJson
  summary: MissableJson
  error_summary: MissableJson
  activity_log: DefaultJson
  cancel_requested: Generated<boolean>
}

export interface BatchRunTrackingTable extends Mutable {
  id: Id
  batch_type: string
  batch_date: IsoDate
  status: Generated<RunState>
  batch_run_id: string | null
  phases: DefaultJson
  symbols_fetched: number | null
  data_coverage_pct: number | null
  portfolios_processed: number | null
  completed_at: MissableInstant
}

export interface BatchJobsTable extends Mutable {
  id: Id
  batch_run_id: string
  job_name: string
  job_type: string
  /** A symbol or a portfolio's id. */
  item_id: string | null
  portfolio_id: string | null
  status: 'running' | 'success' | 'failed' | 'skipped'
  reason: string | null
  error_category: 'transient' | 'permanent' | 'data' | null
  error_message: string | null
  attempts: Generated<number>
  started_at: DefaultInstant
  completed_at: MissableInstant
  duration_ms: number | null
  records_processed: number | null
  job_metadata: DefaultJson
}

export interface DailyMetricsTable extends Mutable {
  id: Id
  metric_date: IsoDate
  metric_type: string
  dimensions: DefaultJson
  value: JsonDocument
}
