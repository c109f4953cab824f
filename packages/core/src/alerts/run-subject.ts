import type { RunRequest } from '../batch/run-request.ts'

/**
 * What the alerts of a run are about, as their keys begin: the job type for a full run, and a scope
 * besides for a limited one, so that a scoped success does not pass for the night's recovery.
 *
 * @example `symbol_batch`, `portfolio_refresh:portfolio:<id>`, `symbol_batch:symbols:AAPL+3`
 */
export function runSubject({ jobType, scope, phases }: RunRequest): string {
  const phasePart = phases === null ? '' : `:phases:${phases.join(',')}`
  switch (scope.kind) {
    case 'universe':
      return jobType + phasePart
    case 'portfolio':
      return `${jobType}:portfolio:${scope.portfolioId}${phasePart}`
    case 'portfolios': {
      const [first = 'none', ...others] = [...scope.portfolioIds].sort()
      const more = others.length > 0 ? `+${others.length}` : ''
      return `${jobType}:portfolio:${first}${more}${phasePart}`
    }
    case 'symbols': {
      const [first = 'none', ...others] = [...scope.symbols].sort()
      const more = others.length > 0 ? `+${others.length}` : ''
      return `${jobType}:symbols:${first}${more}${phasePart}`
    }
  }
}
