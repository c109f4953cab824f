import type { MetricName } from '../metrics/metric.ts'
import type { AlertSeverity } from './alert.ts'

/** What limits depend on besides constants. Null = not known, and the limit leaves it out. */
export interface ThresholdFacts {
  /** SYMBOLS_MIN_SHARE. */
  readonly symbolsMinShare: number
  /** Median of the symbols that the last five successful full runs processed; fewer if there are fewer. */
  readonly medianSymbols: number | null
  /** Active portfolios that are due by the run's target. */
  readonly activePortfolios: number | null
}

/** One row of the table: the value alerts when it is strictly beyond the limit. */
export interface Threshold {
  readonly metric: MetricName
  readonly title: string
  readonly expected: string
  readonly severity: AlertSeverity
  readonly alertWhen: 'above' | 'below'
  /** Null when it cannot be told; the value is not judged then. */
  readonly limit: number | ((facts: ThresholdFacts) => number | null)
}

const FEWEST_SYMBOLS = 400
const PORTFOLIOS_MIN_SHARE = 0.9

/** The threshold table of the operations chapter, and the failure rules that are thresholds as well. */
export const THRESHOLDS: readonly Threshold[] = [
  {
    metric: 'v2.symbol_batch.duration_seconds',
    title: 'Symbol batch was slow',
    expected: 'about 900 s',
    severity: 'warning',
    alertWhen: 'above',
    limit: 1800,
  },
  {
    metric: 'v2.symbol_batch.symbols_processed',
    title: 'Symbol batch processed few symbols',
    expected: 'about 500, or as many as in the last runs',
    severity: 'critical',
    alertWhen: 'below',
    limit: fewestSymbols,
  },
  {
    metric: 'v2.symbol_batch.errors',
    title: 'Symbol batch had many errors',
    expected: '0',
    severity: 'warning',
    alertWhen: 'above',
    limit: 10,
  },
  {
    metric: 'v2.symbol_batch.failed_share',
    title: 'Symbol batch failed for many symbols',
    expected: '0',
    severity: 'critical',
    alertWhen: 'above',
    limit: 0.1,
  },
  {
    metric: 'v2.portfolio_refresh.duration_seconds',
    title: 'Portfolio refresh was slow',
    expected: '300 to 900 s',
    severity: 'warning',
    alertWhen: 'above',
    limit: 1800,
  },
  {
    metric: 'v2.portfolio_refresh.portfolios_processed',
    title: 'Portfolio refresh left portfolios behind',
    expected: 'all active portfolios',
    severity: 'critical',
    alertWhen: 'below',
    limit: ({ activePortfolios }) =>
      activePortfolios === null ? null : shareOf(PORTFOLIOS_MIN_SHARE, activePortfolios),
  },
  {
    metric: 'v2.portfolio_refresh.errors',
    title: 'Portfolio refresh had many errors',
    expected: '0',
    severity: 'warning',
    alertWhen: 'above',
    limit: 10,
  },
  {
    metric: 'v2.portfolio_refresh.failed_share',
    title: 'Portfolio refresh failed for many portfolios',
    expected: '0',
    severity: 'critical',
    alertWhen: 'above',
    limit: 0.1,
  },
  {
    metric: 'v2.onboarding.duration_seconds',
    title: 'Onboarding was slow',
    expected: 'less than 5 s',
    severity: 'warning',
    alertWhen: 'above',
    limit: 10,
  },
  {
    metric: 'v2.onboarding.success_rate',
    title: 'Onboarding fails often',
    expected: 'more than 0.99',
    severity: 'critical',
    alertWhen: 'below',
    limit: 0.95,
  },
]

/** A universe that never had 400 symbols is measured by itself; before its first run there is no measure but 400. */
export function fewestSymbols({
  medianSymbols,
  symbolsMinShare,
}: Pick<ThresholdFacts, 'medianSymbols' | 'symbolsMinShare'>): number {
  if (medianSymbols === null) return FEWEST_SYMBOLS
  return Math.min(FEWEST_SYMBOLS, shareOf(symbolsMinShare, medianSymbols))
}

/** 0.8 of 35 is 28, and not 28.000000000000004, which 28 would not reach. */
function shareOf(share: number, count: number): number {
  return Number((share * count).toFixed(6))
}
