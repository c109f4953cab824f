import {
  legacyPhaseNames,
  selectDates,
  selectPhases,
  symbolPhaseNames,
  type RunRequest,
  type SymbolScope,
} from '@sigmasight/core/batch'
import type { SessionDate } from '@sigmasight/core/calendar'
import { parseTicker } from '@sigmasight/core/symbols'
import type { Args } from './args.ts'

export interface RequestFrame {
  readonly effectiveDate: SessionDate
  readonly isV2: boolean
  readonly triggeredBy: string
}

/** Turns the command line into what the batch is asked for, checking dates against the calendar. */
export function toRunRequest(args: Args, frame: RequestFrame): RunRequest {
  return {
    jobType: frame.isV2 ? 'symbol_batch' : 'legacy_batch',
    mode: frame.isV2 ? 'v2' : 'legacy',
    source: args.source,
    triggeredBy: frame.triggeredBy,
    dates: selectDates(args, frame.effectiveDate),
    reprocess: args.reprocess,
    force: args.force,
    retryFailedPhases: args.retryFailedPhases,
    maxCatchup: args.maxCatchup,
    chunkDays: args.chunkDays ?? null,
    fromInception: args.fromInception,
    ...(args.runId === undefined ? {} : { batchRunId: args.runId }),
    scope: selectScope(args),
    phases: selectPhases(args.phase, frame.isV2 ? symbolPhaseNames() : legacyPhaseNames()),
  }
}

function selectScope({ symbols, portfolioId }: Args): SymbolScope {
  if (symbols !== undefined) return { kind: 'symbols', symbols: symbols.map(parseTicker) }
  if (portfolioId !== undefined) return { kind: 'portfolio', portfolioId }
  return { kind: 'universe' }
}
