import {
  saveReasons,
  unavailable,
  type AnalyticReason,
  type PortfolioReasons,
} from '../../analytics/index.ts'
import type { HeldLot } from '../../exposures/index.ts'
import {
  OptionMarket,
  portfolioGreeks,
  positionGreeks,
  savePortfolioGreeks,
  savePositionGreeks,
  selectDividendYields,
  type LotGreeks,
  type PortfolioGreeks,
} from '../../options-pricing/index.ts'
import type { Ticker } from '../../symbols/index.ts'
import type { PortfolioContext } from '../portfolio-context.ts'
import { portfolioPhase } from '../portfolio-phase.ts'
import { PortfolioTally } from '../portfolio-tally.ts'
import { addRows, workThroughPortfolios } from '../portfolio-work.ts'
import type { RiskBook, RiskDay } from '../risk-day.ts'

const MICROS = 1e6
const CENTS = 100

/**
 * Computes the Greeks of every open option lot of the due portfolios, and what they add up to in each
 * portfolio with the shares it holds. A portfolio whose option lots have none at all, and one without
 * enough marks, has no sums; the lots' own Greeks stay.
 */
export const greeksPhase = portfolioPhase<PortfolioContext>({
  name: 'greeks',
  step: null,
  critical: false,
  finalDateOnly: false,
  reads: [
    'portfolios',
    'positions',
    'position_realized_events',
    'market_data_cache',
    'symbol_universe',
    'company_profiles',
    'portfolio_snapshots',
  ],
  writes: ['position_greeks', 'portfolio_snapshots', 'daily_metrics'],
  async part(context) {
    const { date, risk } = context
    const tally = new PortfolioTally(context, 'greeks_failed')
    tally.count({ options_bsm: 0, options_bsm_last_vol: 0, options_bsm_hist_vol: 0 })
    tally.count({ options_without_greeks: 0 })
    const market = await openMarket(context)
    const day = await risk.day(date)
    try {
      await workThroughPortfolios<ComputedGreeks>(context, {
        tally,
        compute: (portfolioId) => computeGreeks(context, portfolioId, { day, market }),
        async save(tx, items) {
          const portfolioIds = items.map(({ portfolioId }) => portfolioId)
          const lots = items.flatMap((item) => item.lots)
          return addRows([
            await savePositionGreeks(tx, date, { portfolioIds, lots }),
            await savePortfolioGreeks(tx, date, items),
            await saveReasons(tx, date, 'greeks', items),
          ])
        },
        saved({ lots, reasons, lotsWithoutGreeks }) {
          tally.done(reasons.greeks ?? null)
          tally.count({ options_without_greeks: lotsWithoutGreeks })
          for (const { greeks } of lots) {
            tally.count({ [`options_${greeks.model}`]: 1 })
            if (greeks.refusal !== null) tally.count({ [`implied_${greeks.refusal}`]: 1 })
          }
        },
      })
    } finally {
      risk.forgetDay()
    }
    return tally.outcome()
  },
})

interface ComputedGreeks extends PortfolioReasons {
  readonly reasons: { readonly greeks?: AnalyticReason }
  readonly lots: readonly LotGreeks[]
  readonly sums: PortfolioGreeks | null
  readonly lotsWithoutGreeks: number
}

/** What the options of the date are valued with; not even loaded when nobody holds any. */
async function openMarket(context: PortfolioContext): Promise<OptionMarket | null> {
  const { books, database, date, risk, settings } = context
  const underlyings = new Set<Ticker>()
  for (const { book } of books.dueOn(date)) {
    for (const { investmentClass, underlyingSymbol } of book.lots) {
      if (investmentClass === 'OPTIONS' && underlyingSymbol !== null) {
        underlyings.add(underlyingSymbol)
      }
    }
  }
  if (underlyings.size === 0) return null
  return new OptionMarket({
    date,
    prices: books.prices,
    history: (await risk.marketDay(date)).history(),
    dividendYields: await selectDividendYields(database.db, [...underlyings].sort()),
    rate: settings.riskFreeRate,
  })
}

function computeGreeks(
  { books }: PortfolioContext,
  portfolioId: string,
  { day, market }: { readonly day: RiskDay; readonly market: OptionMarket | null },
): ComputedGreeks {
  const book = day.bookOf(portfolioId)
  const options = book.lots.filter(({ investmentClass }) => investmentClass === 'OPTIONS')
  const facts = new Map(
    options.length === 0 ? [] : books.factsOf(portfolioId).lots.map((lot) => [lot.id, lot]),
  )
  const results = options.map(({ lotId, openQuantity }) => {
    const lot = facts.get(lotId)
    const quote = lot === undefined ? null : (market?.quoteOf(lot) ?? null)
    const quantity = Number(openQuantity) / MICROS
    return quote === null ? unavailable('no_greeks') : positionGreeks({ ...quote, quantity })
  })
  const lots = options.flatMap(({ lotId, priceStatus }, i): readonly ComputedLot[] => {
    const result = results[i]
    return result?.success === true
      ? [{ lotId, greeks: result.metrics, isMarked: priceStatus !== 'missing' }]
      : []
  })
  const refused = results.flatMap((result) => (result.success ? [] : [result.reason]))
  const reason = whyNoSums(book, { lots, refused })
  return {
    portfolioId,
    lots,
    lotsWithoutGreeks: refused.length,
    ...(reason === null
      ? { sums: sumsOf(book, lots), reasons: {} }
      : { sums: null, reasons: { greeks: reason } }),
  }
}

interface ComputedLot extends LotGreeks {
  readonly isMarked: boolean
}

function sumsOf({ lots }: RiskBook, options: readonly ComputedLot[]): PortfolioGreeks {
  const shares = lots.filter(isMarkedShare).reduce((sum, lot) => sum + lot.marketValue, 0n)
  return portfolioGreeks(
    Number(shares) / CENTS,
    options.filter(({ isMarked }) => isMarked).map(({ greeks }) => greeks),
  )
}

function whyNoSums(
  book: RiskBook,
  {
    lots,
    refused,
  }: { readonly lots: readonly ComputedLot[]; readonly refused: readonly AnalyticReason[] },
): AnalyticReason | null {
  if (book.lots.length === 0) return 'no_active_positions'
  if (!book.hasEnoughMarks) return 'insufficient_marks'
  if (book.dollars.listedLots === 0) return 'no_public_positions'
  if (lots.some(({ isMarked }) => isMarked)) return null
  if (refused.length > 0) return refused.includes('no_greeks') ? 'no_greeks' : 'no_price_data'
  return book.lots.some(isMarkedShare) ? null : 'no_price_data'
}

function isMarkedShare({ investmentClass, priceStatus }: HeldLot): boolean {
  return investmentClass === 'PUBLIC' && priceStatus !== 'missing'
}
