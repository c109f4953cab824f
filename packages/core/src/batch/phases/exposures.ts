import { transaction } from '../../database/index.ts'
import { coerceError } from '../../errors/index.ts'
import {
  exposureBook,
  exposureSymbol,
  portfolioExposures,
  savePortfolioExposures,
  selectBetas,
  selectDeltaDollars,
  type ExposureBook,
  type FactorBetas,
  type PortfolioExposures,
} from '../../exposures/index.ts'
import { lockPortfolios } from '../../portfolios/index.ts'
import { ExposureTally } from '../exposure-tally.ts'
import type { Phase } from '../phase.ts'
import type { PortfolioContext } from '../portfolio-context.ts'

/** Portfolios per transaction: their row locks are held together, so not too many. */
const PORTFOLIOS_PER_TRANSACTION = 500

/**
 * Computes what every due portfolio is exposed to on the date. Betas and Greeks are read once for all,
 * rows written in groups of portfolios, a transaction each; when a group fails, each of its portfolios is
 * tried by itself, so that one that cannot be done holds up no other.
 */
export const exposuresPhase: Phase<PortfolioContext> = {
  name: 'exposures',
  step: null,
  critical: false,
  finalDateOnly: false,
  reads: [
    'portfolios',
    'positions',
    'position_realized_events',
    'position_valuations',
    'equity_changes',
    'market_data_cache',
    'portfolio_snapshots',
    'position_greeks',
    'factor_definitions',
    'symbol_factor_exposures',
  ],
  writes: ['factor_exposures'],
  async run(context) {
    const tally = new ExposureTally(context)
    const books = await readBooks(context, tally)
    const betas = await readBetas(context, [...books.values()])
    const computed = computeAll(books, betas, tally)
    for (let start = 0; start < computed.length; start += PORTFOLIOS_PER_TRANSACTION) {
      context.signal.throwIfAborted()
      const group = computed.slice(start, start + PORTFOLIOS_PER_TRANSACTION)
      await saveGroup(context, { group, betas, tally })
      context.progress(
        Math.min(start + PORTFOLIOS_PER_TRANSACTION, computed.length),
        computed.length,
      )
    }
    return tally.outcome()
  },
}

interface ComputedPortfolio {
  readonly portfolioId: string
  readonly exposures: PortfolioExposures
}

interface ExposureGroup {
  readonly group: readonly ComputedPortfolio[]
  readonly betas: FactorBetas
  readonly tally: ExposureTally
}

/** The open lots of every due portfolio; one that cannot be valued fails by itself. */
async function readBooks(
  { books, database, date }: PortfolioContext,
  tally: ExposureTally,
): Promise<ReadonlyMap<string, ExposureBook>> {
  const due = books.dueOn(date)
  const ids = due.map(({ portfolioId }) => portfolioId)
  const deltaDollars = await selectDeltaDollars(database.db, date, ids)
  const read = new Map<string, ExposureBook>()
  for (const { portfolioId, book } of due) {
    tally.attempt(portfolioId, () => {
      read.set(portfolioId, exposureBook(book, books.valueOf(portfolioId, date), deltaDollars))
    })
  }
  return read
}

async function readBetas(
  { database, date, definitions }: PortfolioContext,
  books: readonly ExposureBook[],
): Promise<FactorBetas> {
  const held = books.flatMap(({ lots }) => lots.map(exposureSymbol))
  const symbols = [...new Set(held.filter((symbol) => symbol !== null))].sort()
  const active = definitions.filter(({ isActive }) => isActive)
  return selectBetas(database.db, date, { factorIds: active.map(({ id }) => id), symbols })
}

function computeAll(
  books: ReadonlyMap<string, ExposureBook>,
  betas: FactorBetas,
  tally: ExposureTally,
): readonly ComputedPortfolio[] {
  const computed: ComputedPortfolio[] = []
  for (const [portfolioId, book] of books) {
    tally.attempt(portfolioId, () => {
      computed.push({ portfolioId, exposures: portfolioExposures(book, betas) })
    })
  }
  return computed
}

async function saveGroup(context: PortfolioContext, part: ExposureGroup): Promise<void> {
  const { group, tally } = part
  try {
    await saveTogether(context, part)
  } catch (thrown) {
    context.signal.throwIfAborted()
    const error = coerceError(thrown)
    context.log.warn({ err: error, portfolios: group.length }, 'portfolio_group_failed')
    for (const portfolio of group) {
      try {
        await saveTogether(context, { ...part, group: [portfolio] })
      } catch (again) {
        context.signal.throwIfAborted()
        tally.failed(portfolio.portfolioId, again)
      }
    }
  }
}

async function saveTogether(
  { database, date }: PortfolioContext,
  { group, betas, tally }: ExposureGroup,
): Promise<void> {
  const { saved, locked, done } = await transaction(database, async (tx) => {
    const ids = group.map(({ portfolioId }) => portfolioId)
    const locked = await lockPortfolios(tx, ids, date)
    // Exposures rest on the marks of a snapshot; without one there is nothing to show them with.
    const done = group.filter(({ portfolioId }) => locked.get(portfolioId)?.isComplete)
    const portfolios = done.map(({ portfolioId, exposures: { rows } }) => ({ portfolioId, rows }))
    const { factorIds } = betas
    const saved = await savePortfolioExposures(tx, date, { factorIds, portfolios })
    return { saved, locked, done }
  })
  tally.saved(
    saved,
    done.map(({ exposures }) => exposures),
  )
  tally.skipped('portfolio_gone', group.length - locked.size)
  tally.skipped('no_snapshot', locked.size - done.length)
}
