import { dateInNewYork } from '../calendar/session-times.ts'
import type { Ticker } from '../symbols/index.ts'
import type { OnboardingParts } from './onboarding-parts.ts'
import { selectSymbolStates } from './store/select-symbol-states.ts'
import { isNeeded } from './store/is-needed.ts'
import { isGivenUp, isReady } from './symbol-state.ts'

export interface SymbolStatus {
  readonly status: 'ready' | 'processing' | 'pending' | 'error' | 'unknown'
  /** Null where nothing is under way. */
  readonly estimatedSeconds: number | null
  readonly reason: string | null
}

/** How far a symbol is, from the tables and from what this process has under way. */
export async function symbolStatus(
  { runs, queue }: Pick<OnboardingParts, 'runs' | 'queue'>,
  symbol: Ticker,
): Promise<SymbolStatus> {
  const { db } = runs.database
  const now = runs.clock.now()
  const [state] = await selectSymbolStates(db, [symbol])
  if (state !== undefined && isReady(state)) {
    return { status: 'ready', estimatedSeconds: 0, reason: null }
  }
  const queued = queue.find(symbol)
  if (queued?.state === 'failed') {
    return { status: 'error', estimatedSeconds: null, reason: queued.reason }
  }
  const estimatedSeconds = queue.estimatedSeconds(symbol)
  if (queued !== null) return { status: queued.state, estimatedSeconds, reason: null }
  if (state !== undefined && isGivenUp(state, now.toJSDate())) {
    return { status: 'error', estimatedSeconds: null, reason: state.failure?.reason ?? null }
  }
  const isExpected = await isNeeded(db, symbol, dateInNewYork(now))
  return isExpected
    ? { status: 'pending', estimatedSeconds, reason: null }
    : { status: 'unknown', estimatedSeconds: null, reason: null }
}
