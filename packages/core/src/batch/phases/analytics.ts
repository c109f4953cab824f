import {
  portfolioAnalytics,
  savePortfolioAnalytics,
  saveReasons,
  type AnalyticResult,
  type MarketOfDate,
  type PortfolioAnalytics,
  type PortfolioReasons,
} from '../../analytics/index.ts'
import { selectSectorFacts } from '../../concentration/index.ts'
import { selectProviderBetas } from '../../factors/index.ts'
import { windowOf } from '../../portfolio-returns/index.ts'
import { jointFactors } from '../../stress/index.ts'
import type { Ticker } from '../../symbols/index.ts'
import { savePositionVolatility, type LotVolatility } from '../../volatility/index.ts'
import type { PortfolioContext } from '../portfolio-context.ts'
import { portfolioPhase } from '../portfolio-phase.ts'
import { PortfolioTally } from '../portfolio-tally.ts'
import { addRows, workThroughPortfolios } from '../portfolio-work.ts'
import { PositionVolatilities } from '../position-volatilities.ts'
import { ReasonCounts } from '../reason-counts.ts'
import type { RiskBook } from '../risk-day.ts'

/**
 * Computes volatility, betas, sectors and concentration of every due portfolio, and the volatility of each
 * lot. A portfolio counts as processed when it has at least one of the figures; why others are missing is
 * in the metric `unavailable` and in `daily_metrics`.
 */
export const analyticsPhase = portfolioPhase<PortfolioContext>({
  name: 'analytics',
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
    'company_profiles',
    'factor_definitions',
    'portfolio_snapshots',
    'position_greeks',
  ],
  writes: ['portfolio_snapshots', 'position_volatility', 'daily_metrics'],
  async part(context) {
    const { date, risk } = context
    const tally = new PortfolioTally(context, 'analytics_failed')
    tally.count({ positions_with_volatility: 0, positions_without_volatility: 0 })
    const missing = new ReasonCounts()
    const day = await risk.day(date)
    const market = await readMarket(context)
    const volatilities = new PositionVolatilities(
      market.history,
      (await risk.marketDay(date)).volatilities,
    )
    await workThroughPortfolios<ComputedAnalytics>(context, {
      tally,
      compute: (portfolioId) =>
        compute(portfolioId, day.bookOf(portfolioId), { market, volatilities }),
      async save(tx, items) {
        const portfolioIds = items.map(({ portfolioId }) => portfolioId)
        const lots = items.flatMap((item) => item.lots)
        return addRows([
          await savePortfolioAnalytics(tx, date, items),
          await savePositionVolatility(tx, date, { portfolioIds, lots }),
          await saveReasons(tx, date, 'analytics', items),
        ])
      },
      saved({ analytics, reasons, lots, lotsWithout }) {
        const isEmpty = Object.keys(reasons).length === Object.keys(analytics).length
        tally.done(isEmpty ? (reasons['volatility'] ?? null) : null)
        missing.add(reasons)
        tally.count({
          positions_with_volatility: lots.length,
          positions_without_volatility: lotsWithout,
        })
      },
    })
    return tally.outcome({ unavailable: missing.byFigure() })
  },
})

interface ComputedAnalytics extends PortfolioReasons {
  readonly analytics: PortfolioAnalytics
  readonly lots: readonly LotVolatility[]
  readonly lotsWithout: number
}

/** What is the same for every portfolio of the date. */
async function readMarket(context: PortfolioContext): Promise<MarketOfDate> {
  const { books, database, date, definitions, risk } = context
  const history = (await risk.marketDay(date)).history()
  const proxy = jointFactors(definitions)?.market.proxy
  const symbols = new Set<Ticker>()
  for (const { book } of books.dueOn(date)) {
    for (const { symbol, investmentClass } of book.lots) {
      if (investmentClass === 'PUBLIC') symbols.add(symbol)
    }
  }
  return {
    history,
    market: proxy === undefined ? null : windowOf(history, proxy),
    companyBetas: await selectProviderBetas(database.db),
    sectors: await selectSectorFacts(database.db, [...symbols].sort()),
  }
}

function compute(
  portfolioId: string,
  book: RiskBook,
  of: { readonly market: MarketOfDate; readonly volatilities: PositionVolatilities },
): ComputedAnalytics {
  const analytics = portfolioAnalytics(book, of.market)
  const isListed = ({ investmentClass }: RiskBook['lots'][number]) => investmentClass !== 'PRIVATE'
  const listed = book.hasEnoughMarks ? book.lots.filter(isListed) : []
  const lots = listed.flatMap((lot): readonly LotVolatility[] => {
    const volatility = of.volatilities.of(lot)
    return volatility === null ? [] : [{ lotId: lot.lotId, volatility }]
  })
  return {
    portfolioId,
    analytics,
    lots,
    lotsWithout: listed.length - lots.length,
    reasons: Object.fromEntries(
      Object.entries<AnalyticResult<unknown>>({ ...analytics }).flatMap(([figure, result]) =>
        result.success ? [] : [[figure, result.reason]],
      ),
    ),
  }
}
