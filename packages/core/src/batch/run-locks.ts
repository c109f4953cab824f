import type { JobType } from './job-type.ts'
import type { RunRequest } from './run-request.ts'
import type { RunnableLayer } from './runnable-layer.ts'

/** A legacy run does the work of every program and therefore holds everybody's lock. */
const LEGACY_LOCKS: readonly JobType[] = [
  'symbol_batch',
  'portfolio_refresh',
  'symbol_onboarding',
  'legacy_batch',
]

/**
 * The names of the locks a run must hold. A full run holds its types' locks, so that no second one
 * of a type runs anywhere; a scoped run holds a lock of its own scope only and blocks no full run.
 */
export function lockNames(
  request: Pick<RunRequest, 'jobType' | 'mode' | 'scope'>,
  layers: readonly Pick<RunnableLayer, 'jobTypes'>[],
): readonly string[] {
  switch (request.scope.kind) {
    case 'universe':
      if (request.mode === 'legacy') return LEGACY_LOCKS
      return layers.flatMap(({ jobTypes }) => jobTypes)
    case 'portfolio':
      return [`${request.jobType}:portfolio:${request.scope.portfolioId}`]
    case 'portfolios':
      return request.scope.portfolioIds.map((id) => `${request.jobType}:portfolio:${id}`)
    case 'symbols':
      return [`${request.jobType}:symbols:${[...request.scope.symbols].sort().join(',')}`]
  }
}
