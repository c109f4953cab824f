import { addDays, sessionOnOrAfter } from '../calendar/index.ts'
import type { Clock } from '../clock/clock.ts'
import { transaction, type Database } from '../database/index.ts'
import type { Logger } from '../logging/index.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { AcceptedBar } from './bar.ts'
import type { CallUsage } from './calls/call-gate.ts'
import { planBarRequests, type GapPlan } from './gaps/plan-bar-requests.ts'
import type { Contradiction } from './contradictions.ts'
import type { BarRequest } from './provider.ts'
import type { ChainOutcome, ProviderChain } from './provider-chain.ts'
import { insertAskedHistory, type AskedHistory } from './store/asked-history.ts'
import { saveBars, type Restatement } from './store/save-bars.ts'
import { selectClosesBetween } from './store/select-closes-between.ts'
import { judgeBars, type BarJudge, type Quarantine } from './judge-bars.ts'

export interface BarUpdate {
  readonly database: Database
  readonly chain: ProviderChain
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
  readonly batchRunId: string
  readonly plan: GapPlan
  /** Which provider served a symbol's newest bar. */
  readonly preferred: ReadonlyMap<Ticker, string>
  readonly judge: BarJudge
  readonly progress: (done: number, total: number) => void
}

/** Why a symbol has no new bars. */
export interface SymbolFailure {
  readonly reason: string
  readonly detail: string
  readonly retryable: boolean
  /** Whether every provider answered, and had no bars: it was not traded, as far as they know. */
  readonly isSilent: boolean
}

/** What an update of bars did. */
export interface BarUpdateReport {
  readonly requested: number
  readonly inserted: number
  readonly updated: number
  /** Dropped bars by reason: partial, off-session and unusable ones. */
  readonly dropped: Readonly<Record<string, number>>
  readonly restatements: readonly Restatement[]
  readonly failures: ReadonlyMap<Ticker, SymbolFailure>
  readonly quarantined: readonly Quarantine[]
  /** What providers had to say beyond single symbols, e.g. of a bad file. */
  readonly problems: readonly string[]
  /** Calls per provider of the run so far. */
  readonly usage: ReadonlyMap<string, CallUsage>
}

/** Bars per transaction: large enough for COPY to pay, small enough to hold in memory. */
const BARS_PER_TRANSACTION = 50_000
/** How many days before a requested range the last known close is looked for. */
const PREVIOUS_CLOSE_DAYS = 15

/**
 * Fetches what is missing, judges it, and stores it, a few ten thousand bars a transaction. A symbol
 * that fails is reported and the others go on; only an abort or a database failure throws, and then
 * what was committed stays.
 */
export async function updateBars(update: BarUpdate): Promise<BarUpdateReport> {
  // Whoever has waited longest comes first, in case the calls do not suffice for everybody.
  const requests = planBarRequests(update.plan).toSorted(byFirstDay)
  const tally = new UpdateTally(requests.length)
  let batch: (ChainOutcome & { ok: true })[] = []
  let bars = 0
  let done = 0
  const options = { preferred: update.preferred, signal: update.signal }
  const asked = new Map(requests.map((request) => [request.symbol, request]))
  for await (const outcome of update.chain.fetchBars(requests, options)) {
    update.progress(++done, requests.length)
    if (!outcome.ok) {
      tally.fail(outcome)
      continue
    }
    batch.push(outcome)
    bars += outcome.bars.length
    if (bars >= BARS_PER_TRANSACTION) {
      await storeBatch(update, asked, batch, tally)
      batch = []
      bars = 0
    }
  }
  await storeBatch(update, asked, batch, tally)
  return tally.report(update.chain)
}

function byFirstDay(a: BarRequest, b: BarRequest): number {
  if (a.from === b.from) return 0
  return a.from < b.from ? -1 : 1
}

async function storeBatch(
  update: BarUpdate,
  asked: ReadonlyMap<Ticker, BarRequest>,
  outcomes: readonly (ChainOutcome & { ok: true })[],
  tally: UpdateTally,
): Promise<void> {
  if (outcomes.length === 0) return
  update.signal.throwIfAborted()
  const previous = await previousCloses(update, asked, outcomes)
  const { judge, chain, signal } = update
  const judged = await judgeBars(judge, chain, outcomes, { previous, signal })
  const rows = judged.flatMap(({ symbol, provider, accepted }) =>
    accepted.map((bar) => ({ symbol, provider, bar })),
  )
  const shortHistories = judged.flatMap(({ symbol, accepted }) =>
    shortHistory(asked.get(symbol), symbol, accepted),
  )
  const fetchedAt = update.clock.now().toJSDate()
  const saved = await transaction(update.database, async (tx) => {
    await insertAskedHistory(tx.db, update.batchRunId, shortHistories)
    return saveBars(tx, rows, fetchedAt)
  })
  for (const restatement of saved.restatements) update.log.warn({ ...restatement }, 'bar_restated')
  tally.add(judged, saved)
}

/** Stored closes from shortly before each requested range on; only symbols asked for an increment have any. */
async function previousCloses(
  update: BarUpdate,
  asked: ReadonlyMap<Ticker, BarRequest>,
  outcomes: readonly ChainOutcome[],
) {
  const known = outcomes.filter(({ symbol }) => update.plan.coverage.has(symbol))
  if (known.length === 0) return new Map<Ticker, readonly never[]>()
  const starts = known.map(({ symbol }) => asked.get(symbol)?.from ?? update.plan.windowStart)
  const from = addDays(
    starts.reduce((a, b) => (a < b ? a : b)),
    -PREVIOUS_CLOSE_DAYS,
  )
  return selectClosesBetween(
    update.database.db,
    known.map(({ symbol }) => symbol),
    from,
    update.plan.end,
  )
}

function shortHistory(
  request: BarRequest | undefined,
  symbol: Ticker,
  accepted: readonly AcceptedBar[],
): readonly AskedHistory[] {
  const first = accepted.find((bar) => bar.close !== null)
  if (request === undefined || first === undefined) return []
  const askedFrom = sessionOnOrAfter(request.from)
  return first.date <= askedFrom ? [] : [{ symbol, askedFrom }]
}

function contradictionFailure({ detail }: Contradiction): SymbolFailure {
  return { reason: 'contradictory_bars', detail, retryable: false, isSilent: false }
}

class UpdateTally {
  readonly #requested: number
  #inserted = 0
  #updated = 0
  readonly #dropped: Record<string, number> = {}
  readonly #restatements: Restatement[] = []
  readonly #failures = new Map<Ticker, SymbolFailure>()
  readonly #quarantined: Quarantine[] = []

  constructor(requested: number) {
    this.#requested = requested
  }

  fail(outcome: ChainOutcome & { ok: false }): void {
    const { reason, detail, retryable, attempts } = outcome
    const isSilent =
      attempts.length > 0 && attempts.every((attempt) => attempt.reason === 'no_bars')
    this.#failures.set(outcome.symbol, { reason, detail, retryable, isSilent })
  }

  add(
    judged: Awaited<ReturnType<typeof judgeBars>>,
    saved: Awaited<ReturnType<typeof saveBars>>,
  ): void {
    this.#inserted += saved.inserted
    this.#updated += saved.updated
    this.#restatements.push(...saved.restatements)
    for (const { symbol, dropped, quarantined, contradiction } of judged) {
      if (contradiction !== null) this.#failures.set(symbol, contradictionFailure(contradiction))
      for (const { reason } of dropped) this.#dropped[reason] = (this.#dropped[reason] ?? 0) + 1
      this.#quarantined.push(...quarantined)
    }
  }

  report(chain: ProviderChain): BarUpdateReport {
    return {
      requested: this.#requested,
      inserted: this.#inserted,
      updated: this.#updated,
      dropped: this.#dropped,
      restatements: this.#restatements,
      failures: this.#failures,
      quarantined: this.#quarantined,
      problems: chain.problems(),
      usage: chain.usage(),
    }
  }
}
