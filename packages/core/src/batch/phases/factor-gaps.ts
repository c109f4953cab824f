import { sessionsBack } from '../../calendar/index.ts'
import { coerceError } from '../../errors/index.ts'
import { exposureSymbol } from '../../exposures/index.ts'
import { longestWindow, proxySymbols, selectUncomputedSymbols } from '../../factors/index.ts'
import type { Lot } from '../../pnl/index.ts'
import { loadPricePanel, totalReturns } from '../../returns/index.ts'
import type { Ticker } from '../../symbols/index.ts'
import { computeDateFactors, skipReasons, symbolsWithFactors } from '../compute-date-factors.ts'
import { countReasons, EMPTY_OUTCOME, type ItemFailure, type Phase } from '../phase.ts'
import type { PortfolioContext } from '../portfolio-context.ts'

/**
 * Computes the factors that the date lacks for what due portfolios hold, from the prices that are stored:
 * a symbol that came in after the symbol batch must not leave a hole. Asks no provider. Counts symbols.
 */
export const factorGapsPhase: Phase<PortfolioContext> = {
  name: 'factor_gaps',
  step: null,
  critical: false,
  finalDateOnly: false,
  reads: [
    'positions',
    'position_realized_events',
    'market_data_cache',
    'factor_definitions',
    'company_profiles',
    'symbol_factor_exposures',
  ],
  writes: ['symbol_factor_exposures'],
  async run(context) {
    const { gaps, failures } = await findGaps(context)
    const failed = { failed: failures.length, failures }
    const reasons = countReasons(failures)
    if (gaps.length === 0) {
      const metrics = { symbols_filled: 0, symbols_without_data: 0, rows_inserted: 0 }
      return { ...EMPTY_OUTCOME, ...failed, reasons, metrics }
    }
    const returns = await loadReturns(context, gaps)
    const { result, written } = await computeDateFactors({ ...context, symbols: gaps, returns })
    const filled = symbolsWithFactors(result)
    const withoutData = gaps.length - filled.length
    context.log.info({ symbols: filled, without_data: withoutData }, 'factor_gaps_filled')
    return {
      ...EMPTY_OUTCOME,
      ...failed,
      processed: filled.length,
      skipped: withoutData,
      reasons: { ...reasons, ...skipReasons(result) },
      metrics: {
        symbols_filled: filled.length,
        symbols_without_data: withoutData,
        rows_inserted: written.inserted,
      },
    }
  },
}

/**
 * The symbols of open lots, and underlyings of open options, without any factor of the date. Whether a
 * lot is open is asked only of portfolios that have such a symbol, most nights of none.
 */
async function findGaps(
  context: PortfolioContext,
): Promise<{ readonly gaps: readonly Ticker[]; readonly failures: readonly ItemFailure[] }> {
  const { books, database, date, definitions, risk } = context
  const due = books.dueOn(date)
  const entered = due.flatMap(({ book }) => book.lots.filter(({ entryDate }) => entryDate <= date))
  const named = [...new Set(entered.map(exposureSymbol).filter((symbol) => symbol !== null))]
  const active = definitions.filter(({ isActive }) => isActive)
  const known = await risk.betas(
    date,
    active.map(({ id }) => id),
  )
  const unknown = named.filter((symbol) => !known.has(symbol))
  const lacking = new Set(
    unknown.length === 0 ? [] : await selectUncomputedSymbols(database.db, date, unknown),
  )
  const isLacking = (lot: Lot): boolean => {
    const symbol = exposureSymbol(lot)
    return symbol !== null && lacking.has(symbol)
  }
  const gaps = new Set<Ticker>()
  const failures: ItemFailure[] = []
  for (const { portfolioId, book } of due) {
    const candidates = book.lots.filter(isLacking)
    if (candidates.length === 0) continue
    try {
      const open = openLots(context, portfolioId)
      for (const lot of candidates) {
        const symbol = exposureSymbol(lot)
        if (symbol !== null && open.has(lot.id)) gaps.add(symbol)
      }
    } catch (thrown) {
      failures.push(unvalued(portfolioId, coerceError(thrown)))
    }
  }
  return { gaps: [...gaps].sort(), failures }
}

function openLots({ books, date }: PortfolioContext, portfolioId: string): ReadonlySet<string> {
  const { lots } = books.valueOf(portfolioId, date)
  return new Set(lots.filter(({ isOpen }) => isOpen).map(({ lotId }) => lotId))
}

function unvalued(portfolioId: string, { message }: Error): ItemFailure {
  return { itemId: portfolioId, reason: 'valuation_failed', category: 'data', message }
}

/** As many returns as the longest regression takes, of the symbols and of what explains them. */
async function loadReturns(
  { database, date, definitions }: PortfolioContext,
  symbols: readonly Ticker[],
) {
  const needed = [...new Set([...symbols, ...proxySymbols(definitions)])].sort()
  const from = sessionsBack(date, longestWindow(definitions))
  return totalReturns(await loadPricePanel(database.db, { symbols: needed, from, to: date }))
}
