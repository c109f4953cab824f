import {
  available,
  noHoldingsReason,
  saveReasons,
  unavailable,
  type AnalyticResult,
} from '../analytics/index.ts'
import { previousSession } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import { exposureBook, selectDeltaDollars, symbolDollars } from '../exposures/index.ts'
import { openingEquity, valueBook, type BookValue } from '../pnl/index.ts'
import {
  explainPnl,
  factorMoves,
  lotDays,
  lotLines,
  roundExplanation,
  saveExplanations,
  selectExplainedDays,
  selectOptionTheta,
  type ExplainedDay,
  type StoredExplanation,
} from '../pnl-explain/index.ts'
import { portfolioSensitivities } from '../stress/index.ts'
import type { PhaseOutcome } from './phase.ts'
import type { PortfolioContext } from './portfolio-context.ts'
import { PortfolioTally } from './portfolio-tally.ts'
import { addRows, workThroughPortfolios } from './portfolio-work.ts'
import { findRestAlarms } from './rest-alarms.ts'
import type { RiskDay } from './risk-day.ts'
import type { RiskModel } from './risk-model.ts'

const MS_PER_DAY = 86_400_000

interface Explained {
  readonly portfolioId: string
  readonly result: AnalyticResult<StoredExplanation>
}

/**
 * Explains the P&L of every due portfolio since the session before, with that session's holdings and joint
 * model, and stores it. Portfolios of which too much stays unexplained are alerts: a wrong split or price
 * shows the same night.
 *
 * Reasons: those of the model and of `portfolioSensitivities`; `insufficient_marks`;
 * `insufficient_observations` for a first snapshot; `stale_exposures` when the snapshot before is not of
 * the session before; `no_price_data` when a factor has no return of the day. A book of cash and PRIVATE
 * lots has an explanation without factors.
 */
export async function explainDay(context: PortfolioContext): Promise<PhaseOutcome> {
  const { date } = context
  const day = await readDay(context)
  const tally = new PortfolioTally(context, 'explain_failed')
  const explained: Explained[] = []
  await workThroughPortfolios<Explained>(context, {
    tally,
    compute: (portfolioId) => ({ portfolioId, result: explain(context, day, portfolioId) }),
    save: async (tx, items) =>
      addRows([
        await saveExplanations(tx, date, items.map(storedOf)),
        await saveReasons(tx, date, 'pnl_explain', items.map(reasonsOf)),
      ]),
    saved(item) {
      tally.done(item.result.success ? null : item.result.reason)
      explained.push(item)
    },
  })
  const { processed, failed, failures, reasons, metrics } = tally.outcome()
  const alerts = await findRestAlarms(context, explained)
  return {
    processed,
    skipped: 0,
    failed,
    reasons,
    failures,
    alerts,
    metrics: { ...metrics, explained: processed, reasons, alarms: alerts.length },
  }
}

function storedOf({ portfolioId, result }: Explained) {
  return { portfolioId, explanation: result.success ? result.metrics : null }
}

function reasonsOf({ portfolioId, result }: Explained) {
  return { portfolioId, reasons: result.success ? {} : { pnl_explain: result.reason } }
}

/** What the explanations of a date share. */
interface DayFacts {
  readonly before: SessionDate
  readonly days: ReadonlyMap<string, ExplainedDay>
  readonly model: AnalyticResult<RiskModel>
  readonly moves: Float64Array | null
  readonly deltaDollars: ReadonlyMap<string, number>
  readonly theta: ReadonlyMap<string, number>
  readonly today: RiskDay
}

async function readDay({ books, database, date, risk }: PortfolioContext): Promise<DayFacts> {
  const ids = books.dueOn(date).map(({ portfolioId }) => portfolioId)
  const before = previousSession(date)
  const model = await risk.model(before)
  const { returns } = await risk.market()
  return {
    before,
    days: await selectExplainedDays(database.db, date, ids),
    model,
    moves: model.success ? factorMoves(model.metrics.joint, returns, date) : null,
    deltaDollars: await selectDeltaDollars(database.db, before, ids),
    theta: await selectOptionTheta(database.db, before, ids),
    today: await risk.day(date),
  }
}

function explain(
  context: PortfolioContext,
  facts: DayFacts,
  portfolioId: string,
): AnalyticResult<StoredExplanation> {
  const { books, date } = context
  const { before, model, moves } = facts
  const day = facts.days.get(portfolioId)
  if (day === undefined) return unavailable('insufficient_observations')
  if (day.previousDate !== before) return unavailable('stale_exposures')
  if (!facts.today.bookOf(portfolioId).hasEnoughMarks) return unavailable('insufficient_marks')
  if (!model.success) return model
  if (moves === null) return unavailable('no_price_data')
  const previous = valueBefore(context, portfolioId, before)
  const held = holdingsBefore(context, facts, { portfolioId, previous, model: model.metrics })
  if (!held.success) return held
  const { dollars, coveragePct } = held.metrics
  const value = books.valueOf(portfolioId, date)
  const changes = { after: before, through: date, previous, value }
  const explanation = explainPnl(
    {
      dailyPnl: Number(day.dailyPnl) / 100,
      dividends: Number(day.dividends) / 100,
      ...lotLines(lotDays(books.factsOf(portfolioId), changes)),
      thetaPerYear: facts.theta.get(portfolioId) ?? 0,
      days: (Date.parse(date) - Date.parse(before)) / MS_PER_DAY,
      equity: Number(day.equity) / 100,
    },
    { names: model.metrics.joint.factors.map(({ name }) => name), dollars, moves },
  )
  const lines = roundExplanation(explanation, day)
  if (lines === null) return unavailable('ill_conditioned')
  const restShare = day.equity > 0n ? Number(lines.rest) / Number(day.equity) : null
  return available({ lines, restShare, equity: day.equity, modelDate: before, coveragePct })
}

function valueBefore(
  { books }: PortfolioContext,
  portfolioId: string,
  date: SessionDate,
): BookValue {
  const book = books.factsOf(portfolioId)
  const { prices } = books
  const opening = openingEquity(book, prices)
  return valueBook(book, { date, prices, previous: null, openingEquity: opening })
}

/** What the portfolio gained per unit of each factor's move, placed as it was at the close before. */
function holdingsBefore(
  { books }: PortfolioContext,
  { deltaDollars }: DayFacts,
  of: { readonly portfolioId: string; readonly previous: BookValue; readonly model: RiskModel },
): AnalyticResult<{ readonly dollars: Float64Array; readonly coveragePct: number | null }> {
  const { joint, sensitivities } = of.model
  const { lots } = exposureBook(books.factsOf(of.portfolioId), of.previous, deltaDollars)
  const dollars = symbolDollars(lots)
  const reason = noHoldingsReason(dollars, lots.length)
  if (reason === 'no_active_positions' || reason === 'no_public_positions') {
    return available({ dollars: new Float64Array(joint.factors.length), coveragePct: null })
  }
  if (reason !== null) return unavailable(reason)
  return portfolioSensitivities(dollars, sensitivities, joint.factors.length)
}
