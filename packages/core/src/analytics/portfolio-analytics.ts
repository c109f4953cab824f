import { concentration, type Concentration } from '../concentration/concentration.ts'
import {
  sectorWeights,
  type SectorFact,
  type SectorWeight,
} from '../concentration/sector-weights.ts'
import type { ExposureBook, ExposureLot } from '../exposures/exposure-book.ts'
import type { BookDollars } from '../exposures/symbol-dollars.ts'
import { calculatedBeta, type CalculatedBeta } from '../portfolio-returns/calculated-beta.ts'
import { holdingsReturns } from '../portfolio-returns/holdings-returns.ts'
import { providerBeta, type ProviderBeta } from '../portfolio-returns/provider-beta.ts'
import type { ReturnHistory } from '../portfolio-returns/return-history.ts'
import type { Cents } from '../pnl/index.ts'
import type { Ticker } from '../symbols/ticker.ts'
import { volatilityMetrics, type VolatilityMetrics } from '../volatility/volatility-metrics.ts'
import {
  available,
  unavailable,
  type AnalyticReason,
  type AnalyticResult,
} from './analytic-result.ts'
import { noHoldingsReason } from './no-holdings-reason.ts'

/** What is known of the market and its symbols on a date, the same for every portfolio. */
export interface MarketOfDate {
  readonly history: ReturnHistory
  /** Returns of the market over the history's sessions; null when it is unknown. */
  readonly market: Float64Array | null
  readonly companyBetas: ReadonlyMap<Ticker, number>
  readonly sectors: ReadonlyMap<Ticker, SectorFact>
}

/** A portfolio on a date, its lots also netted by symbol. */
export interface AnalysedBook extends ExposureBook {
  readonly dollars: BookDollars
  readonly hasEnoughMarks: boolean
}

/** The figures of a portfolio that snapshots show besides its money and Greeks. */
export interface PortfolioAnalytics {
  readonly volatility: AnalyticResult<VolatilityMetrics>
  readonly beta: AnalyticResult<CalculatedBeta>
  readonly provider_beta: AnalyticResult<ProviderBeta>
  readonly sectors: AnalyticResult<readonly SectorWeight[]>
  readonly concentration: AnalyticResult<Concentration>
}

/**
 * Volatility, betas, sectors and concentration of a portfolio as of a date.
 *
 * Missing data: each figure has its own reason. Without enough marks there is none, `insufficient_marks`;
 * sectors are `ill_conditioned` when equity is not positive.
 */
export function portfolioAnalytics(book: AnalysedBook, market: MarketOfDate): PortfolioAnalytics {
  const { lots, equity, dollars, hasEnoughMarks } = book
  if (lots.length > 0 && !hasEnoughMarks) return NO_MARKS
  return {
    ...moving(book, market, noHoldingsReason(dollars, lots.length)),
    sectors: sectorsOf(lots, equity, market),
    concentration: concentration(lots),
  }
}

const INSUFFICIENT_MARKS = unavailable('insufficient_marks')
const NO_MARKS: PortfolioAnalytics = {
  volatility: INSUFFICIENT_MARKS,
  beta: INSUFFICIENT_MARKS,
  provider_beta: INSUFFICIENT_MARKS,
  sectors: INSUFFICIENT_MARKS,
  concentration: INSUFFICIENT_MARKS,
}

/** The figures about how the portfolio moves with the market. */
function moving(
  { dollars, equity }: AnalysedBook,
  { history, market, companyBetas }: MarketOfDate,
  noHoldings: AnalyticReason | null,
): Pick<PortfolioAnalytics, 'volatility' | 'beta' | 'provider_beta'> {
  if (noHoldings !== null) {
    const none = unavailable(noHoldings)
    return { volatility: none, beta: none, provider_beta: none }
  }
  const cents = Number(equity)
  const series = holdingsReturns(history, dollars, cents)
  return {
    volatility: series.success ? volatilityMetrics(series.metrics.values) : series,
    beta: series.success ? calculatedBeta(series.metrics, market) : series,
    provider_beta: providerBeta(dollars, cents, companyBetas),
  }
}

function sectorsOf(
  lots: readonly ExposureLot[],
  equity: Cents,
  { sectors }: MarketOfDate,
): PortfolioAnalytics['sectors'] {
  if (lots.length === 0) return unavailable('no_active_positions')
  return equity > 0n
    ? available(sectorWeights(lots, equity, sectors))
    : unavailable('ill_conditioned')
}
