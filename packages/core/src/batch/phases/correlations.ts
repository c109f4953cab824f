import { saveReasons, unavailable, type AnalyticResult } from '../../analytics/index.ts'
import {
  portfolioCorrelation,
  saveCorrelations,
  type PortfolioCorrelation,
} from '../../correlation/index.ts'
import type { PortfolioContext } from '../portfolio-context.ts'
import { portfolioPhase } from '../portfolio-phase.ts'
import { PortfolioTally } from '../portfolio-tally.ts'
import { addRows, workThroughPortfolios } from '../portfolio-work.ts'

/**
 * Computes how the larger holdings of every due portfolio correlate. Each symbol's returns are
 * standardised once for all portfolios that hold it.
 */
export const correlationsPhase = portfolioPhase<PortfolioContext>({
  name: 'correlations',
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
  ],
  writes: ['correlation_calculations', 'daily_metrics'],
  async part(context) {
    const { date, risk, settings } = context
    const columns = (await risk.marketDay(date)).columns()
    const { correlationMinWeight: minWeight, correlationMinValue: minValue } = settings
    const day = await risk.day(date)
    const tally = new PortfolioTally(context, 'correlations_failed')
    await workThroughPortfolios<Correlated>(context, {
      tally,
      compute(portfolioId) {
        const { lots, hasEnoughMarks } = day.bookOf(portfolioId)
        if (!hasEnoughMarks) return { portfolioId, result: unavailable('insufficient_marks') }
        return { portfolioId, result: portfolioCorrelation(columns, lots, { minWeight, minValue }) }
      },
      save: async (tx, items) =>
        addRows([
          await saveCorrelations(tx, date, items.map(storedOf)),
          await saveReasons(tx, date, 'correlations', items.map(reasonsOf)),
        ]),
      saved({ result }) {
        tally.done(result.success ? null : result.reason)
        if (!result.success) return
        const { excluded, isRepaired } = result.metrics
        const left = excluded.filter(({ reason }) => reason !== 'below_threshold')
        tally.count({ symbols_left_out: left.length, matrices_repaired: isRepaired ? 1 : 0 })
      },
    })
    return tally.outcome()
  },
})

interface Correlated {
  readonly portfolioId: string
  readonly result: AnalyticResult<PortfolioCorrelation>
}

function storedOf({ portfolioId, result }: Correlated) {
  return { portfolioId, correlation: result.success ? result.metrics : null }
}

function reasonsOf({ portfolioId, result }: Correlated) {
  return { portfolioId, reasons: result.success ? {} : { correlations: result.reason } }
}
