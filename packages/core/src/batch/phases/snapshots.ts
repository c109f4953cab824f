import { setTimeout as sleep } from 'node:timers/promises'
import { isTransient, transaction } from '../../database/index.ts'
import { coerceError } from '../../errors/index.ts'
import { realizedPnl, settleExpiry, type Book, type BookValue } from '../../pnl/index.ts'
import {
  deleteExpiries,
  loadBooks,
  lockPortfolios,
  saveExpiries,
  saveSnapshots,
  suspendExpiries,
  type Expiry,
  type SnapshotRow,
} from '../../portfolios/index.ts'
import { countReasons, EMPTY_OUTCOME, type ItemFailure, type Json } from '../phase.ts'
import type { PortfolioBook } from '../portfolio-context.ts'
import { portfolioPhase } from '../portfolio-phase.ts'
import { workInGroups } from '../work-in-groups.ts'
import type { SnapshotContext } from '../snapshot-context.ts'

/** Portfolios per transaction: their row locks are held together, so not too many. */
const PORTFOLIOS_PER_TRANSACTION = 250
const RETRY_AFTER_MS = 1_000

/**
 * Makes the date's snapshot of every due portfolio. Portfolios are worked on in groups, a transaction
 * each; when a group fails, each of its portfolios is tried by itself, so that one that cannot be valued
 * holds up no other. A portfolio that fails twice gets no later phase and no later date in this run.
 */
export const snapshotsPhase = portfolioPhase<SnapshotContext>({
  name: 'snapshots',
  step: null,
  critical: true,
  finalDateOnly: false,
  reads: [
    'portfolios',
    'positions',
    'position_realized_events',
    'position_valuations',
    'equity_changes',
    'market_data_cache',
  ],
  writes: ['portfolio_snapshots', 'positions', 'position_realized_events', 'portfolios'],
  async part(context) {
    const due = context.books.dueOn(context.date)
    const tally = new SnapshotTally()
    let done = 0
    await workInGroups({
      items: due,
      size: PORTFOLIOS_PER_TRANSACTION,
      concurrency: context.settings.portfolioRefreshConcurrency,
      async work(group) {
        context.signal.throwIfAborted()
        await snapshotGroup(context, group, tally)
        done += group.length
        context.progress(done, due.length)
      },
    })
    const { created, skipped, failures } = tally
    return {
      ...EMPTY_OUTCOME,
      processed: created,
      skipped,
      failed: failures.length,
      reasons: { ...countReasons(failures), ...(skipped > 0 ? { duplicate_run: skipped } : {}) },
      failures,
      metrics: {
        snapshots_created: created,
        portfolios_partial: tally.partial,
        positions_processed: tally.positions,
        positions_stale: tally.stale,
        positions_missing: tally.missing,
        missing_symbols: [...tally.missingSymbols],
        success_on_retry: tally.retried,
      },
    }
  },
  whole(sum, { books, date }, due) {
    // Also when they failed on an earlier date already and are therefore not even tried on this one.
    const planned = books.plannedOn(date)
    const isLost = sum.processed === 0 && (sum.failed > 0 || due < planned)
    return {
      ...sum,
      metrics: { ...sum.metrics, missing_symbols: sorted(sum.metrics['missing_symbols']) },
      ...(isLost ? { failure: `no snapshot of ${planned} portfolios could be made` } : {}),
    }
  },
})

function sorted(symbols: Json | undefined): readonly string[] {
  return Array.isArray(symbols) ? symbols.map(String).sort() : []
}

class SnapshotTally {
  created = 0
  skipped = 0
  retried = 0
  stale = 0
  missing = 0
  positions = 0
  partial = 0
  readonly missingSymbols = new Set<string>()
  readonly failures: ItemFailure[] = []

  /** Counts a snapshot that was stored. */
  add(book: Book, { snapshot, lots }: BookValue): void {
    this.created += 1
    this.stale += snapshot.positionsStale
    this.missing += snapshot.positionsMissing
    this.positions += snapshot.numPositions
    if (!snapshot.isPartial) return
    this.partial += 1
    const symbolOf = new Map(book.lots.map(({ id, symbol }) => [id, symbol]))
    for (const { lotId, isOpen, priceStatus } of lots) {
      const symbol = symbolOf.get(lotId)
      if (isOpen && priceStatus === 'missing' && symbol !== undefined) {
        this.missingSymbols.add(symbol)
      }
    }
  }
}

async function snapshotGroup(
  context: SnapshotContext,
  group: readonly PortfolioBook[],
  tally: SnapshotTally,
): Promise<void> {
  try {
    await snapshotTogether(context, group, tally)
  } catch (thrown) {
    context.signal.throwIfAborted()
    const error = coerceError(thrown)
    context.log.warn({ err: error, portfolios: group.length }, 'portfolio_group_failed')
    for (const portfolio of group) await snapshotAlone(context, portfolio, tally)
  }
}

async function snapshotAlone(
  context: SnapshotContext,
  portfolio: PortfolioBook,
  tally: SnapshotTally,
): Promise<void> {
  try {
    await snapshotTogether(context, [portfolio], tally)
  } catch {
    // The second try is the one that counts; what made the first one fail shows in the group's log line.
    await sleep(RETRY_AFTER_MS, undefined, { signal: context.signal })
    try {
      await snapshotTogether(context, [portfolio], tally)
      tally.retried += 1
    } catch (thrown) {
      context.signal.throwIfAborted()
      recordFailure(context, portfolio, { error: coerceError(thrown), tally })
    }
  }
}

function recordFailure(
  { books, date, log }: SnapshotContext,
  { portfolioId, name }: PortfolioBook,
  { error, tally }: { readonly error: Error; readonly tally: SnapshotTally },
): void {
  books.exclude(portfolioId)
  const category = isTransient(error) ? 'transient' : 'data'
  log.error(
    {
      step: 'portfolio_snapshot',
      status: 'failed',
      portfolio_id: portfolioId,
      portfolio_name: name,
      attempt: 2,
      error_category: category,
      batch_date: date,
      err: error,
    },
    'V2_BATCH_STEP',
  )
  tally.failures.push({
    itemId: portfolioId,
    portfolioId,
    attempts: 2,
    reason: 'snapshot_failed',
    category,
    message: error.message,
  })
}

async function snapshotTogether(
  context: SnapshotContext,
  group: readonly PortfolioBook[],
  tally: SnapshotTally,
): Promise<void> {
  const { database, date, log } = context
  const made = await transaction(database, async (tx) => {
    const locked = await lockPortfolios(
      tx,
      group.map(({ portfolioId }) => portfolioId),
      date,
    )
    // Read again under the lock: what was edited since the run began counts.
    const loaded = await loadBooks(
      tx.db,
      group.map(({ portfolioId }) => context.books.requestOf(portfolioId)),
    )
    const rows: (SnapshotRow & { readonly book: Book })[] = []
    const expiries: Expiry[] = []
    const voids: string[] = []
    const waiting: string[] = []
    for (const [portfolioId, { isComplete, previous }] of locked) {
      const plan = context.books.planOf(portfolioId)
      const book = loaded.get(portfolioId)?.book
      if (book === undefined || (isComplete && !plan.again.has(date))) continue
      const settled = settleBook(context, portfolioId, book)
      expiries.push(...settled.expiries)
      voids.push(...settled.voids)
      waiting.push(...settled.waiting)
      const value = context.books.value(portfolioId, settled.book, { date, previous })
      const isFromInception = book.record.kind === 'from_inception'
      rows.push({ portfolioId, equityAsOf: plan.equityAsOf, isFromInception, value, book })
    }
    await deleteExpiries(tx, voids)
    await suspendExpiries(tx, waiting, date)
    await saveExpiries(tx, expiries)
    await saveSnapshots(tx, date, rows, context.clock.now().toJSDate())
    return rows
  })
  tally.skipped += group.length - made.length
  for (const { portfolioId, value, book } of made) {
    tally.add(book, value)
    log.debug(
      {
        step: 'portfolio_snapshot',
        status: 'created',
        portfolio_id: portfolioId,
        batch_date: date,
      },
      'V2_BATCH_STEP',
    )
  }
}

/** The book with the expiry events that are due by the date, those events, and lots to have none (yet). */
function settleBook(
  { books, date }: SnapshotContext,
  portfolioId: string,
  book: Book,
): {
  readonly book: Book
  readonly expiries: readonly Expiry[]
  readonly voids: readonly string[]
  readonly waiting: readonly string[]
} {
  const expiries: Expiry[] = []
  const voids: string[] = []
  const waiting: string[] = []
  const lots = book.lots.map((lot) => {
    if (lot.investmentClass !== 'OPTIONS') return lot
    const settlement = settleExpiry(lot, date, books.prices)
    const traded = lot.events.filter(({ reason }) => reason !== 'expiry')
    const isVoid = lot.events.some(
      ({ reason, tradeDate }) => reason === 'expiry' && tradeDate <= date,
    )
    if (settlement.state === 'not_due' && isVoid) voids.push(lot.id)
    if (settlement.state === 'waiting' && isVoid) waiting.push(lot.id)
    if (settlement.state !== 'settled') return { ...lot, events: traded }
    const { event } = settlement
    const events = [...traded, event]
    const settled = { ...lot, events }
    const realized = realizedPnl(settled, event, books.prices)
    expiries.push({ portfolioId, lotId: lot.id, event, realizedPnl: realized })
    return settled
  })
  return { book: { ...book, lots }, expiries, voids, waiting }
}
