import type { Logger } from './logger.ts'

/** One step of a batch, as log searches and dashboards know it. */
export interface StepEvent {
  /** `symbol_batch_start`, `symbol_prices`, `symbol_factors`, `symbol_batch_complete`, ... */
  readonly step: string
  readonly status: 'started' | 'completed' | 'failed'
  /** Absent when the step starts. */
  readonly duration_ms?: number
  /** Counts and keys of the step: `symbols_processed`, `errors`, `batch_date`, `success`, ... */
  readonly [field: string]: unknown
}

/** Logs a step under the fixed message `V2_BATCH_STEP`; a failed one as an error. */
export function stepEvent(log: Logger, event: StepEvent): void {
  log[event.status === 'failed' ? 'error' : 'info'](event, 'V2_BATCH_STEP')
}
