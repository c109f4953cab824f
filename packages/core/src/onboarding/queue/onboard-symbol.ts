import { runSymbolBatch, type SymbolRunEnvironment } from '../../batch/index.ts'
import type { RunRequest } from '../../batch/run-request.ts'
import { sessionOnOrAfter } from '../../calendar/index.ts'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Logger } from '../../logging/index.ts'
import type { Ticker } from '../../symbols/index.ts'
import type { PortfolioRefresher } from '../portfolio-refresher.ts'
import { selectHolders } from '../store/select-holders.ts'
import { selectNewestSymbolDate } from '../store/select-newest-symbol-date.ts'
import { selectSymbolStates } from '../store/select-symbol-states.ts'
import { isReady } from '../symbol-state.ts'
import type { SymbolEnding } from './symbol-queue.ts'

export interface SymbolOnboardingParts {
  readonly symbolRuns: SymbolRunEnvironment
  readonly refresher: PortfolioRefresher
}

/** What makes a symbol ready; its statements can wait for the night. */
const PHASES = ['company_profiles', 'prices', 'factors', 'symbol_metrics'] as const

/**
 * Brings one symbol in by the ordinary symbol batch, limited to it, for the newest session that everybody
 * else has; then the snapshots of its holders are computed again. The batch holds a lock of the symbol, so
 * that one instance works on it.
 */
export async function onboardSymbol(
  { symbolRuns, refresher }: SymbolOnboardingParts,
  symbol: Ticker,
  signal: AbortSignal,
): Promise<SymbolEnding> {
  const { database } = symbolRuns
  const log = symbolRuns.log.child({ symbol })
  const date = await selectNewestSymbolDate(database.db)
  if (date === null) return { ok: false, reason: 'no_price_data', retryable: true }
  const environment = {
    ...symbolRuns,
    log,
    signal: AbortSignal.any([symbolRuns.signal, signal]),
  }
  const result = await runSymbolBatch(environment, requestOf(symbol, date))
  if (result.reason === 'already_running') {
    return { ok: false, reason: 'processing_elsewhere', retryable: true }
  }
  const [state] = await selectSymbolStates(database.db, [symbol])
  if (state === undefined || !isReady(state)) {
    const { status, reason = status } = result
    const failure = state?.failure ?? null
    return {
      ok: false,
      reason: failure?.reason ?? reason,
      retryable: failure === null || !failure.isPermanent,
    }
  }
  for (const step of ['prices_fetched', 'factors_calculated', 'cache_add']) {
    log.info({ step, date }, 'V2_ONBOARDING')
  }
  await refreshHolders({ database, refresher, log }, symbol, date)
  return { ok: true }
}

async function refreshHolders(
  {
    database,
    refresher,
    log,
  }: Pick<SymbolRunEnvironment, 'database'> & {
    readonly refresher: PortfolioRefresher
    readonly log: Logger
  },
  symbol: Ticker,
  date: SessionDate,
): Promise<void> {
  const holders = await selectHolders(database.db, symbol, date)
  const results = await Promise.all(
    holders.map(({ portfolioId, since }) =>
      refresher.refresh({
        portfolioId,
        dates: { kind: 'range', start: sessionOnOrAfter(since), end: date },
        force: true,
      }),
    ),
  )
  const failed = results.filter(({ status }) => !status.startsWith('completed')).length
  const counts = { step: 'snapshots_updated', portfolios: holders.length, failed, date }
  log[failed > 0 ? 'warn' : 'info'](counts, 'V2_ONBOARDING')
}

function requestOf(symbol: Ticker, date: SessionDate): RunRequest {
  return {
    jobType: 'symbol_batch',
    mode: 'v2',
    source: 'onboarding',
    triggeredBy: 'onboarding',
    dates: { kind: 'range', start: date, end: date },
    reprocess: 'missing',
    force: true,
    maxCatchup: 1,
    chunkDays: null,
    fromInception: false,
    scope: { kind: 'symbols', symbols: [symbol], proxiesAsStored: true },
    retryFailedPhases: false,
    phases: PHASES,
  }
}
