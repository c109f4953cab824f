import {
  symbolPhaseNames,
  type DateSelection,
  type RunRequest,
  type SymbolScope,
} from '@sigmasight/core/batch'
import {
  isSession,
  nearestSession,
  sessionsBetween,
  type IsoDate,
  type SessionDate,
} from '@sigmasight/core/calendar'
import { UsageError } from '@sigmasight/core/errors'
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
    maxCatchup: args.maxCatchup,
    chunkDays: args.chunkDays ?? null,
    scope: selectScope(args),
    phases: args.phase === undefined ? null : checkPhases(args.phase),
  }
}

function selectDates(args: Args, effective: SessionDate): DateSelection {
  const { date, startDate, endDate, backfill } = args
  if (startDate === undefined || endDate === undefined) {
    const target = date === undefined ? null : requireSettledSession('--date', date, effective)
    return { kind: 'target', target, backfill }
  }
  if (endDate > effective) throw notSettled('--end-date', endDate, effective)
  const sessions = sessionsBetween(startDate, endDate)
  const [start] = sessions
  const end = sessions.at(-1)
  if (start === undefined || end === undefined) {
    throw new UsageError(
      `no session between --start-date ${startDate} and --end-date ${endDate}: the nearest is ${nearestSession(startDate)}`,
    )
  }
  return { kind: 'range', start, end }
}

function requireSettledSession(flag: string, date: IsoDate, effective: SessionDate): SessionDate {
  if (date > effective) throw notSettled(flag, date, effective)
  if (!isSession(date)) {
    throw new UsageError(
      `${flag} ${date} is not a trading session: the nearest is ${nearestSession(date)}`,
    )
  }
  return date
}

function notSettled(flag: string, date: IsoDate, effective: SessionDate): UsageError {
  return new UsageError(
    `${flag} ${date} has no settled prices yet: the nearest session that has is ${effective}`,
  )
}

function selectScope({ symbols, portfolioId }: Args): SymbolScope {
  if (symbols !== undefined) return { kind: 'symbols', symbols: symbols.map(parseTicker) }
  if (portfolioId !== undefined) return { kind: 'portfolio', portfolioId }
  return { kind: 'universe' }
}

function checkPhases(names: readonly string[]): readonly string[] {
  const known = symbolPhaseNames()
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new UsageError(
      `--phase ${unknown.join(',')}: no such phase; there are ${known.join(', ')}`,
    )
  }
  return names
}
