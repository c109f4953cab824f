import type { JobType } from '../batch/job-type.ts'
import { lockNames } from '../batch/run-locks.ts'
import type { BatchProgramName, LaunchRequest, ProgramStart } from './launch-request.ts'

/** What a launch depends on besides its request. */
export interface LaunchMode {
  /** BATCH_V2_ENABLED. */
  readonly isV2: boolean
  readonly newId: () => string
}

/**
 * The program starts that a request comes to, in their order. In V2 a run of both layers is two programs,
 * one after the other; legacy mode has the one program that does both. Named symbols have no portfolio
 * part of their own: in V2 the second program is then the ordinary refresh of what portfolios lack.
 */
export function planLaunch(request: LaunchRequest, mode: LaunchMode): readonly ProgramStart[] {
  const { job } = request
  if (!mode.isV2)
    return [start(request, { program: 'symbol-batch', jobType: 'legacy_batch' }, mode)]
  return [
    ...(job === 'portfolio_refresh'
      ? []
      : [start(request, { program: 'symbol-batch', jobType: 'symbol_batch' }, mode)]),
    ...(job === 'symbol_batch'
      ? []
      : [
          start(
            portfolioPart(request),
            { program: 'portfolio-refresh', jobType: 'portfolio_refresh' },
            mode,
          ),
        ]),
  ]
}

function portfolioPart(request: LaunchRequest): LaunchRequest {
  return request.scope.kind === 'symbols' ? { ...request, scope: { kind: 'universe' } } : request
}

function start(
  request: LaunchRequest,
  { program, jobType }: { readonly program: BatchProgramName; readonly jobType: JobType },
  { isV2, newId }: LaunchMode,
): ProgramStart {
  const batchRunId = newId()
  const kind = { jobType, mode: isV2 ? 'v2' : 'legacy', scope: request.scope } as const
  return {
    program,
    jobType,
    batchRunId,
    args: [...argsOf(request), '--run-id', batchRunId, '--summary-json', '--log-json'],
    lockNames: lockNames(kind, [{ jobTypes: [jobType] }]),
  }
}

/** Values are joined to their flags, so that none can be taken for a flag. */
function argsOf(request: LaunchRequest): readonly string[] {
  const { scope, phases, dates, reprocess, redo, fromInception, source, triggeredBy } = request
  return [
    `--source=${source}`,
    `--triggered-by=${triggeredBy}`,
    `--reprocess=${reprocess}`,
    ...(scope.kind === 'portfolio' ? [`--portfolio-id=${scope.portfolioId}`] : []),
    ...(scope.kind === 'symbols' ? [`--symbols=${scope.symbols.join(',')}`] : []),
    ...(phases === null ? [] : [`--phase=${phases.join(',')}`]),
    ...(dates === null ? [] : [`--start-date=${dates.start}`, `--end-date=${dates.end}`]),
    ...(redo ? ['--force'] : []),
    ...(fromInception ? ['--from-inception'] : []),
  ]
}
