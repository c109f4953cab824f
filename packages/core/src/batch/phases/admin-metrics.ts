import { previousSession } from '../../calendar/index.ts'
import { transaction } from '../../database/index.ts'
import { saveDailyFigures } from '../../metrics/index.ts'
import { EMPTY_OUTCOME, type Phase } from '../phase.ts'
import type { PortfolioContext } from '../portfolio-context.ts'

/**
 * Adds up the runs and onboardings of the days since the session before, that session's day included:
 * much of it comes after the night's own run. A run that is under way is counted the next time.
 */
export const adminMetricsPhase: Phase<PortfolioContext> = {
  name: 'admin_metrics',
  step: null,
  critical: false,
  finalDateOnly: false,
  reads: ['batch_run_history'],
  writes: ['daily_metrics'],
  async run({ database, date }) {
    const days = { from: previousSession(date), to: date }
    const written = await transaction(database, ({ db }) => saveDailyFigures(db, days))
    return { ...EMPTY_OUTCOME, processed: written }
  },
}
