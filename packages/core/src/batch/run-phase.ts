import { withRetry } from '../database/index.ts'
import { coerceError } from '../errors/index.ts'
import { stepEvent } from '../logging/index.ts'
import { EMPTY_OUTCOME, type Phase, type PhaseContext, type PhaseOutcome } from './phase.ts'
import type { PhaseResult } from './result.ts'

/** A phase that ended, with what the result object and the item records need. */
export interface EndedPhase {
  readonly result: PhaseResult
  readonly outcome: PhaseOutcome
}

export interface PhaseRun<Context extends PhaseContext> {
  readonly phase: Phase<Context>
  readonly context: Context
  readonly startedAt: string
  readonly sleep: (milliseconds: number) => Promise<void>
}

/**
 * Runs one phase of one date: times it, logs its start and end, and turns what it throws into a
 * failed result. A phase that the database fails for a passing reason is run again: each of its
 * transactions is whole, and what is done already is found done. Null when the phase stopped because
 * the run was asked to.
 */
export async function runPhase<Context extends PhaseContext>({
  phase,
  context,
  startedAt,
  sleep,
}: PhaseRun<Context>): Promise<EndedPhase | null> {
  const log = context.log.child({ phase: phase.name, batch_date: context.date })
  log.info({ event: 'phase_start', critical: phase.critical }, 'phase_start')
  const step = phase.step
  if (step !== null) stepEvent(log, { step, status: 'started', batch_date: context.date })
  const start = performance.now()
  const outcome = await attempt()
  if (outcome === null) return null
  const result: PhaseResult = {
    status: outcome.failure === undefined ? 'completed' : 'failed',
    started_at: startedAt,
    duration_ms: Math.round(outcome.workMs ?? performance.now() - start),
    processed: outcome.processed,
    skipped: outcome.skipped,
    failed: outcome.failed,
    error: outcome.failure ?? null,
    reasons: outcome.reasons,
    metrics: outcome.metrics,
  }
  log[result.status === 'failed' ? 'error' : 'info'](
    { event: 'phase_result', ...result, updated: outcome.processed },
    'phase_result',
  )
  if (step !== null) {
    const { status, duration_ms, processed, failed } = result
    stepEvent(log, { step, status, duration_ms, symbols_processed: processed, errors: failed })
  }
  return { result, outcome }

  async function attempt(): Promise<PhaseOutcome | null> {
    try {
      return await withRetry(() => phase.run(context), {
        sleep,
        onRetry: (error, retry) => {
          context.signal.throwIfAborted()
          log.warn({ err: coerceError(error), retry }, 'phase_retried')
        },
      })
    } catch (thrown) {
      if (context.signal.aborted) return null
      const error = coerceError(thrown)
      log.error({ err: error }, `phase ${phase.name} threw`)
      return { ...EMPTY_OUTCOME, failure: error.message }
    }
  }
}
