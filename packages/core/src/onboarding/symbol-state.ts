import { parseOcc } from '../symbols/occ.ts'
import type { Ticker } from '../symbols/index.ts'

/** How far the symbol layer is with a symbol. */
export interface SymbolState {
  readonly symbol: Ticker
  readonly isInUniverse: boolean
  readonly hasBar: boolean
  /** Factors of some date, or figures that say that there is too little history for any. */
  readonly isComputed: boolean
  /** The last time providers were asked and had nothing; null when that never was, or a bar came since. */
  readonly failure: SymbolFailure | null
}

export interface SymbolFailure {
  readonly reason: string
  /** No provider knows the symbol: asking again soon is of no use. */
  readonly isPermanent: boolean
  readonly at: Date
}

/** Whether a symbol has what portfolios need of it. Contracts need no factors. */
export function isReady({ symbol, isInUniverse, hasBar, isComputed }: SymbolState): boolean {
  return isInUniverse && hasBar && (isComputed || parseOcc(symbol) !== null)
}

const HOUR_MS = 3_600_000
/** For so long a symbol that no provider knows is left alone. */
const FORGOTTEN_AFTER_MS = 24 * HOUR_MS

/** Whether a symbol is not tried now, as no provider knew it lately; it is shown as failed. */
export function isGivenUp({ failure }: SymbolState, now: Date): boolean {
  if (failure === null || !failure.isPermanent) return false
  return now.getTime() - failure.at.getTime() < FORGOTTEN_AFTER_MS
}
