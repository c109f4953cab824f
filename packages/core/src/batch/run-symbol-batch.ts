import { effectiveDate } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import { selectActiveDefinitions } from '../factors/index.ts'
import { planBarRequests } from '../market-data/index.ts'
import { selectPreferredProviders } from '../symbols/index.ts'
import type { SymbolRunEnvironment } from './batch-environment.ts'
import { selectDueProfiles, selectDueStatements } from './due-companies.ts'
import { chunkDates } from './plan-dates.ts'
import type { RunResult } from './result.ts'
import { runBatch } from './run-batch.ts'
import type { RunRequest } from './run-request.ts'
import { runnable } from './runnable-layer.ts'
import { SymbolChunk } from './symbol-chunk.ts'
import { symbolLayer } from './symbol-layer.ts'

/** Runs the symbol layer for what a request names. */
export async function runSymbolBatch(
  environment: SymbolRunEnvironment,
  request: RunRequest,
): Promise<RunResult> {
  return runBatch(environment, [runnable(symbolLayer(environment, request))], request)
}

/** What a run would do, exactly; nothing is written and no provider is called. */
export interface SymbolRunPlan {
  readonly target: SessionDate
  readonly dates: readonly SessionDate[]
  readonly cut: readonly SessionDate[]
  readonly phases: readonly { readonly name: string; readonly critical: boolean }[]
  readonly symbols: readonly string[]
  readonly windowStart: SessionDate | null
  /** Symbols for which something is missing, over all slices. */
  readonly requests: number
  readonly calls: readonly { readonly provider: string; readonly calls: number }[]
  /** Symbols whose profile, and whose statements, are due on the last date. */
  readonly profiles: number
  readonly statements: number
}

/** Makes the plan of a run for `--dry-run`. */
export async function planSymbolRun(
  environment: SymbolRunEnvironment,
  request: RunRequest,
): Promise<SymbolRunPlan> {
  const { database, chain, clock, settleMinutes } = environment
  const layer = symbolLayer(environment, request)
  const effective = effectiveDate(clock.now(), settleMinutes)
  const { target, dates, cut } = await layer.plan(request, effective)
  const phases = layer.phases.filter(({ name }) => request.phases?.includes(name) ?? true)
  const definitions = await selectActiveDefinitions(database.db)
  const preferred = await selectPreferredProviders(database.db)
  const symbols = new Set<string>()
  const calls = new Map<string, number>()
  let requests = 0
  let last: SymbolChunk | null = null
  let windowStart: SessionDate | null = null
  for (const chunk of chunkDates(dates, request.chunkDays)) {
    last = new SymbolChunk({ database, chain, scope: request.scope, definitions, dates: chunk })
    const gaps = await last.plan()
    for (const symbol of gaps.symbols) symbols.add(symbol)
    windowStart ??= gaps.windowStart
    const asked = planBarRequests(gaps)
    requests += asked.length
    for (const [provider, count] of chain.expectedCalls(asked, preferred)) {
      calls.set(provider, (calls.get(provider) ?? 0) + count)
    }
  }
  const companies = await dueCompanies(environment, phases, { chunk: last, date: dates.at(-1) })
  for (const [provider, count] of chain.expectedCompanyCalls(companies)) {
    calls.set(provider, (calls.get(provider) ?? 0) + count)
  }
  return {
    target,
    dates,
    cut,
    phases,
    symbols: [...symbols].sort(),
    windowStart,
    requests,
    calls: [...calls].map(([provider, count]) => ({ provider, calls: count })),
    ...companies,
  }
}

async function dueCompanies(
  { clock, database }: SymbolRunEnvironment,
  phases: readonly { readonly name: string }[],
  last: { readonly chunk: SymbolChunk | null; readonly date: SessionDate | undefined },
): Promise<{ readonly profiles: number; readonly statements: number }> {
  const { chunk, date } = last
  if (chunk === null || date === undefined) return { profiles: 0, statements: 0 }
  const query = { chunk, clock, database, date }
  const runs = (name: string) => phases.some((phase) => phase.name === name)
  return {
    profiles: runs('company_profiles') ? (await selectDueProfiles(query)).due.length : 0,
    statements: runs('fundamentals') ? (await selectDueStatements(query)).length : 0,
  }
}
