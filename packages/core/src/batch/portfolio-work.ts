import { transaction, type Transaction, type WrittenRows } from '../database/index.ts'
import { coerceError } from '../errors/index.ts'
import { lockPortfolios } from '../portfolios/index.ts'
import type { PortfolioContext } from './portfolio-context.ts'
import type { PortfolioTally } from './portfolio-tally.ts'
import { workInGroups } from './work-in-groups.ts'

/**
 * Portfolios per transaction: their row locks are held together, and what was computed of as many as there are
 * transactions under way waits in memory, so not too many.
 */
const PORTFOLIOS_PER_TRANSACTION = 250

/** A phase's work on each of the date's portfolios. */
export interface PortfolioWork<Item extends { readonly portfolioId: string }> {
  readonly tally: PortfolioTally
  /** What is to be stored of a portfolio; what it throws is that portfolio's failure alone. */
  readonly compute: (portfolioId: string) => Item
  /** Stores what was computed of some portfolios, whose rows are locked. */
  readonly save: (tx: Transaction, items: readonly Item[]) => Promise<WrittenRows>
  /** Counts what was stored, once it is committed. */
  readonly saved: (item: Item) => void
}

/**
 * Computes and stores something of every due portfolio that has a complete snapshot of the date: in
 * groups, a transaction each. When a group fails, each of its portfolios is tried by itself, so that one
 * that cannot be done holds up no other.
 */
export async function workThroughPortfolios<Item extends { readonly portfolioId: string }>(
  context: PortfolioContext,
  work: PortfolioWork<Item>,
): Promise<void> {
  const due = context.books.dueOn(context.date)
  work.tally.count({ rows_inserted: 0, rows_updated: 0, rows_deleted: 0 })
  let done = 0
  await workInGroups({
    items: due,
    size: PORTFOLIOS_PER_TRANSACTION,
    concurrency: context.settings.portfolioRefreshConcurrency,
    async work(group) {
      context.signal.throwIfAborted()
      const items: Item[] = []
      for (const { portfolioId } of group) {
        work.tally.attempt(portfolioId, () => items.push(work.compute(portfolioId)))
      }
      await saveGroup(context, work, items)
      done += group.length
      context.progress(done, due.length)
    },
  })
}

async function saveGroup<Item extends { readonly portfolioId: string }>(
  context: PortfolioContext,
  work: PortfolioWork<Item>,
  items: readonly Item[],
): Promise<void> {
  if (items.length === 0) return
  try {
    await saveTogether(context, work, items)
  } catch (thrown) {
    context.signal.throwIfAborted()
    const error = coerceError(thrown)
    context.log.warn({ err: error, portfolios: items.length }, 'portfolio_group_failed')
    for (const item of items) {
      try {
        await saveTogether(context, work, [item])
      } catch (again) {
        context.signal.throwIfAborted()
        work.tally.failed(item.portfolioId, again)
      }
    }
  }
}

async function saveTogether<Item extends { readonly portfolioId: string }>(
  { database, date }: PortfolioContext,
  { tally, save, saved }: PortfolioWork<Item>,
  items: readonly Item[],
): Promise<void> {
  const { rows, locked, stored } = await transaction(database, async (tx) => {
    const ids = items.map(({ portfolioId }) => portfolioId)
    const locked = await lockPortfolios(tx, ids, date)
    // Analytics rest on the marks of a snapshot; without one there is nothing to show them with.
    const stored = items.filter(({ portfolioId }) => locked.get(portfolioId)?.isComplete)
    return { rows: await save(tx, stored), locked, stored }
  })
  const { inserted, updated, deleted } = rows
  tally.count({ rows_inserted: inserted, rows_updated: updated, rows_deleted: deleted })
  for (const item of stored) saved(item)
  tally.skipped('portfolio_gone', items.length - locked.size)
  tally.skipped('no_snapshot', locked.size - stored.length)
}

/** The rows that several statements wrote. */
export function addRows(
  parts: readonly (Omit<WrittenRows, 'deleted'> & Partial<WrittenRows>)[],
): WrittenRows {
  const sum = (of: (part: (typeof parts)[number]) => number) =>
    parts.reduce((total, part) => total + of(part), 0)
  return {
    inserted: sum(({ inserted }) => inserted),
    updated: sum(({ updated }) => updated),
    deleted: sum(({ deleted = 0 }) => deleted),
  }
}
