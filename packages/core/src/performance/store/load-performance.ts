import type { Kysely } from 'kysely'
import { unavailable, type AnalyticResult } from '../../analytics/analytic-result.ts'
import { noHoldingsReason } from '../../analytics/no-holdings-reason.ts'
import { sessionsBack } from '../../calendar/index.ts'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import { symbolDollars } from '../../exposures/index.ts'
import {
  holdingsReturns,
  returnHistory,
  type HoldingsReturns,
} from '../../portfolio-returns/index.ts'
import { loadValuedBook } from '../../portfolios/index.ts'
import { loadPricePanel, totalReturns } from '../../returns/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import { performanceMetrics, type PerformanceMetrics } from '../performance-metrics.ts'
import { tailRisk, type TailRisk } from '../value-at-risk.ts'
import { selectPerformanceDays } from './select-performance-days.ts'

/** Sessions of the holdings' returns; value at risk takes the last 252. */
const HOLDINGS_SESSIONS = 252

export interface PerformanceQuery {
  readonly portfolioId: string
  /** The last session that counts. */
  readonly through: SessionDate
  /** A fraction per year (`RISK_FREE_RATE`). */
  readonly riskFreeRate: number
  /** What the portfolio is compared with, SPY. */
  readonly benchmark: Ticker
  /** Where prices come from; the database when not said. */
  readonly priceHistory?: PriceHistory
}

/** Answers as `loadPricePanel` does. */
type PriceHistory = (
  query: Parameters<typeof loadPricePanel>[1],
) => ReturnType<typeof loadPricePanel>

/** What a portfolio has returned, and what its holdings may lose in a session. */
export interface Performance {
  readonly record: AnalyticResult<PerformanceMetrics>
  /** Of today's holdings over the last 252 sessions, by confidence; null with too few of them. */
  readonly tailRisk: AnalyticResult<{
    readonly at95: TailRisk | null
    readonly at99: TailRisk | null
    /** 0 to 100, see `holdingsReturns`. */
    readonly coveragePct: number
  }>
}

/**
 * The performance of a portfolio through a session: its record from its snapshots beside the benchmark's
 * total returns, value at risk and shortfall from the lots it holds that evening.
 *
 * Missing data: `insufficient_observations` when no snapshot has a return; without a snapshot of the session
 * itself there are no holdings, `no_active_positions`.
 */
export async function loadPerformance(
  db: Kysely<Tables>,
  query: PerformanceQuery,
): Promise<Performance> {
  const { portfolioId, through, riskFreeRate } = query
  const priceHistory: PriceHistory = query.priceHistory ?? ((asked) => loadPricePanel(db, asked))
  const days = await selectPerformanceDays(db, portfolioId, through)
  const benchmark = await loadBenchmark(priceHistory, query, days[0]?.date ?? through)
  const series = await loadHoldingsReturns(db, priceHistory, query)
  return {
    record: performanceMetrics({ days, riskFreeRate, benchmark }),
    tailRisk: series.success
      ? {
          success: true,
          metrics: {
            at95: tailRisk(series.metrics.values, 0.95),
            at99: tailRisk(series.metrics.values, 0.99),
            coveragePct: series.metrics.coveragePct,
          },
        }
      : series,
  }
}

async function loadBenchmark(
  priceHistory: PriceHistory,
  { benchmark, through }: PerformanceQuery,
  from: SessionDate,
): Promise<ReadonlyMap<SessionDate, number>> {
  const panel = await priceHistory({ symbols: [benchmark], from, to: through })
  const { sessions, values } = totalReturns(panel)
  return new Map(
    sessions.flatMap((date, t): readonly [SessionDate, number][] => {
      const value = values[t] ?? NaN
      return Number.isNaN(value) ? [] : [[date, value]]
    }),
  )
}

async function loadHoldingsReturns(
  db: Kysely<Tables>,
  priceHistory: PriceHistory,
  { portfolioId, through: date }: PerformanceQuery,
): Promise<AnalyticResult<HoldingsReturns>> {
  const book = await loadValuedBook(db, portfolioId, date)
  if (book === null) return unavailable('no_active_positions')
  const dollars = symbolDollars(book.lots)
  const reason = noHoldingsReason(dollars, book.lots.length)
  if (reason !== null) return unavailable(reason)
  const symbols = dollars.bySymbol.map(({ symbol }) => symbol)
  const from = sessionsBack(date, HOLDINGS_SESSIONS)
  const returns = totalReturns(await priceHistory({ symbols, from, to: date }))
  const history = returnHistory(returns, returns.sessions.length - 1, HOLDINGS_SESSIONS)
  return holdingsReturns(history, dollars, Number(book.equity))
}
