import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import { assumedAssetType } from '../symbols/index.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { AcceptedBar } from './bar.ts'
import type { CloseSuspect } from './confirm-closes.ts'
import { findContradiction, type Contradiction } from './contradictions.ts'
import type { BarOutcome } from './provider.ts'
import type { ProviderChain } from './provider-chain.ts'
import type { StoredClose } from './store/select-closes-between.ts'
import { validateBars, type DroppedBar } from './validate-bars.ts'

export interface BarJudge {
  readonly effectiveDate: SessionDate
  /** Absolute daily return beyond which a close needs confirmation. */
  readonly quarantineReturn: number
}

/** A close that is held back because it moved too far and nobody else confirms it. */
export interface Quarantine {
  readonly symbol: Ticker
  readonly date: IsoDate
  readonly close: number
  readonly previousClose: number
  /** Return against the previous close, as a fraction. */
  readonly move: number
}

export interface JudgedSymbol {
  readonly symbol: Ticker
  readonly provider: string
  readonly accepted: readonly AcceptedBar[]
  readonly dropped: readonly DroppedBar[]
  readonly quarantined: readonly Quarantine[]
  /** Why nothing of the answer is accepted; null when some may be. */
  readonly contradiction: Contradiction | null
}

type Answered = BarOutcome & { ok: true }

/**
 * Validates what providers served. Closes that moved beyond the limit, or that contradict what is stored
 * for their day, are first put to the other providers, all in one question; those that one of them
 * confirms are then accepted. An answer that contradicts what is stored is refused as a whole.
 */
export async function judgeBars(
  judge: BarJudge,
  chain: ProviderChain,
  outcomes: readonly Answered[],
  context: { previous: ReadonlyMap<Ticker, readonly StoredClose[]>; signal: AbortSignal },
): Promise<readonly JudgedSymbol[]> {
  const { previous, signal } = context
  const first = outcomes.map((outcome) => judgeSymbol(judge, outcome, previous, new Set()))
  const suspects = first.flatMap(suspectsOf)
  if (suspects.length === 0) return first
  const confirmed = await chain.confirmCloses(suspects, { signal })
  return outcomes.map((outcome, i) => {
    const dates = confirmed.get(outcome.symbol)
    const before = first[i]
    return before !== undefined && dates === undefined
      ? before
      : judgeSymbol(judge, outcome, previous, dates ?? new Set())
  })
}

function suspectsOf(judged: JudgedSymbol): readonly CloseSuspect[] {
  const { symbol, provider, quarantined, contradiction } = judged
  if (contradiction !== null) {
    return [{ symbol, provider, date: contradiction.date, close: contradiction.close }]
  }
  return quarantined.map(({ date, close }) => ({ symbol, provider, date, close }))
}

function judgeSymbol(
  judge: BarJudge,
  outcome: Answered,
  previous: ReadonlyMap<Ticker, readonly StoredClose[]>,
  confirmedDates: ReadonlySet<IsoDate>,
): JudgedSymbol {
  const { symbol, provider, bars } = outcome
  const stored = previous.get(symbol) ?? []
  const contradiction = findContradiction({ bars, previous: stored, confirmedDates })
  if (contradiction !== null) {
    return { symbol, provider, accepted: [], dropped: [], quarantined: [], contradiction }
  }
  const assetType = assumedAssetType(symbol, false)
  const verdict = validateBars({
    bars,
    previous: stored,
    effectiveDate: judge.effectiveDate,
    // Options and volatility indices do move by more than that in a day.
    checkMoves: assetType !== 'option' && assetType !== 'index',
    quarantineReturn: judge.quarantineReturn,
    confirmedDates,
  })
  return {
    symbol,
    provider,
    accepted: verdict.accepted,
    dropped: verdict.dropped,
    quarantined: verdict.quarantined.map((held) => ({ symbol, ...held })),
    contradiction: null,
  }
}
