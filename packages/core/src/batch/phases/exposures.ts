import { saveReasons, type PortfolioReasons } from '../../analytics/index.ts'
import {
  exposureSymbol,
  portfolioExposures,
  savePortfolioExposures,
  selectBetas,
  type FactorBetas,
  type PortfolioExposures,
} from '../../exposures/index.ts'
import type { Ticker } from '../../symbols/index.ts'
import type { PortfolioContext } from '../portfolio-context.ts'
import { portfolioPhase } from '../portfolio-phase.ts'
import { PortfolioTally } from '../portfolio-tally.ts'
import { addRows, workThroughPortfolios } from '../portfolio-work.ts'

/** Computes what every due portfolio is exposed to on the date. Betas and Greeks are read once for all. */
export const exposuresPhase = portfolioPhase<PortfolioContext>({
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
    'symbol_universe',
    'portfolio_snapshots',
    'position_greeks',
    'factor_definitions',
    'symbol_factor_exposures',
  ],
  writes: ['factor_exposures', 'daily_metrics'],
  async part(context) {
    const { date, risk } = context
    const tally = new PortfolioTally(context, 'exposures_failed')
    tally.count({ positions_without_mark: 0, positions_without_greeks: 0 })
    const day = await risk.day(date)
    const betas = await readBetas(context)
    await workThroughPortfolios<ComputedPortfolio>(context, {
      tally,
      compute: (portfolioId) => {
        const exposures = portfolioExposures(day.bookOf(portfolioId), betas)
        const { reason } = exposures
        return { portfolioId, exposures, reasons: reason === null ? {} : { exposures: reason } }
      },
      save: async (tx, items) =>
        addRows([
          await savePortfolioExposures(tx, date, {
            factorIds: betas.factorIds,
            portfolios: items.map(({ portfolioId, exposures: { rows } }) => ({
              portfolioId,
              rows,
            })),
          }),
          await saveReasons(tx, date, 'exposures', items),
        ]),
      saved({ exposures: { reason, lotsWithoutGreeks, lotsWithoutMark } }) {
        tally.done(reason)
        tally.count({
          positions_without_mark: lotsWithoutMark,
          positions_without_greeks: lotsWithoutGreeks,
        })
      },
    })
    return tally.outcome()
  },
})

interface ComputedPortfolio extends PortfolioReasons {
  readonly exposures: PortfolioExposures
}

async function readBetas({
  books,
  database,
  date,
  definitions,
  risk,
}: PortfolioContext): Promise<FactorBetas> {
  const symbols = new Set<Ticker>()
  for (const { book } of books.dueOn(date)) {
    for (const lot of book.lots) {
      const symbol = exposureSymbol(lot)
      if (symbol !== null) symbols.add(symbol)
    }
  }
  const active = definitions.filter(({ isActive }) => isActive)
  const factorIds = active.map(({ id }) => id)
  const bySymbol = await risk.betas(date, factorIds)
  const unread = [...symbols].filter((symbol) => !bySymbol.has(symbol)).sort()
  if (unread.length > 0) {
    const read = await selectBetas(database.db, date, { factorIds, symbols: unread })
    for (const [symbol, betas] of read.bySymbol) bySymbol.set(symbol, betas)
  }
  return { factorIds, bySymbol }
}
