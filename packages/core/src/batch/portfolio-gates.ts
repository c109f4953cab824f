import { setTimeout as sleep } from 'node:timers/promises'
import type { SessionDate } from '../calendar/iso-date.ts'
import { selectHeldSymbols } from '../company/index.ts'
import { withRetry } from '../database/index.ts'
import { selectPendingSymbols } from '../symbols/index.ts'
import type { GateWait, PortfolioRunEnvironment } from './batch-environment.ts'
import { isDone } from './plan-dates.ts'
import { selectTrackedDates } from './store/select-tracked-dates.ts'

interface GateEnvironment extends Pick<PortfolioRunEnvironment, 'database' | 'log' | 'sleep'> {
  readonly wait: GateWait
}

/** How long symbols that are being onboarded are waited for, and how often they are looked at. */
const ONBOARDING_WAIT = { maxMs: 120_000, pollMs: 5_000 } as const

/**
 * The two gates of portfolio-refresh, one after the other. Null when the run may begin, which a stop
 * signal lets it do too (it then ends by itself), or why it must not.
 */
export async function passGates(
  environment: GateEnvironment,
  target: SessionDate,
  signal: AbortSignal,
): Promise<string | null> {
  const refusal = await waitForSymbolBatch(environment, target, signal)
  if (refusal === null) await waitForNewSymbols(environment, target, signal)
  return refusal
}

/** The symbol batch of the target date is done; waits for it, within limits. */
export async function waitForSymbolBatch(
  environment: GateEnvironment,
  target: SessionDate,
  signal: AbortSignal,
): Promise<string | null> {
  const { database, log, wait } = environment
  const look = () => selectTrackedDates(database.db, 'symbol_batch')
  const started = performance.now()
  while (!signal.aborted) {
    const tracked = await withRetry(look, environment)
    const status = tracked.find(({ date }) => date === target)?.status
    if (status !== undefined && isDone(status)) {
      const verified = { step: 'symbol_batch_check', status: 'verified', batch_date: target }
      log.info(verified, 'V2_BATCH_STEP')
      return null
    }
    if (performance.now() - started >= wait.maxMinutes * 60_000) return 'symbol_batch_timeout'
    log.info({ batch_date: target, symbol_batch: status ?? 'not_started' }, 'waiting_symbol_batch')
    await pause(wait.pollSeconds * 1000, signal)
  }
  return null
}

/**
 * Symbols of open lots that are still being onboarded get two minutes; whatever they lack then is
 * computed inline or lowers coverage. A run that is not to wait does not wait here either.
 */
async function waitForNewSymbols(
  { database, log, wait }: GateEnvironment,
  target: SessionDate,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now()
  const limit = Math.min(ONBOARDING_WAIT.maxMs, wait.maxMinutes * 60_000)
  while (!signal.aborted) {
    const held = await selectHeldSymbols(database.db, target)
    const pending = await selectPendingSymbols(database.db, [...held])
    if (pending.length === 0) return
    if (performance.now() - started >= limit) {
      log.warn({ symbols: pending }, 'symbols_still_onboarding')
      return
    }
    log.info({ symbols: pending }, 'waiting_symbols')
    await pause(ONBOARDING_WAIT.pollMs, signal)
  }
}

/** An abort ends the pause early; the loops look at the signal themselves. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
}
