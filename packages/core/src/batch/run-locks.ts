import type { Layer } from './layer.ts'
import type { PhaseContext } from './phase.ts'
import type { RunRequest } from './run-request.ts'

/**
 * The names of the locks a run must hold. A full run holds its types' locks, so that no second one
 * of a type runs anywhere; a scoped run holds a lock of its own scope only and blocks no full run.
 */
export function lockNames<Context extends PhaseContext>(
  request: RunRequest,
  layer: Layer<Context>,
): readonly string[] {
  switch (request.scope.kind) {
    case 'universe':
      return layer.jobTypes
    case 'portfolio':
      return [`${request.jobType}:portfolio:${request.scope.portfolioId}`]
    case 'symbols':
      return [`${request.jobType}:symbols:${[...request.scope.symbols].sort().join(',')}`]
  }
}
