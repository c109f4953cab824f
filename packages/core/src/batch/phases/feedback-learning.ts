import { addDays } from '../../calendar/index.ts'
import { transaction } from '../../database/index.ts'
import { proxySymbols } from '../../factors/index.ts'
import { learnFromRuns } from '../../symbols/index.ts'
import { EMPTY_OUTCOME, type Phase } from '../phase.ts'
import type { SymbolContext } from '../symbol-context.ts'

/** Failed sessions in a row after which a symbol is no longer asked for every night. */
const FAILURE_LIMIT = 5
/** Longer than any run of failures that matters: weekly retries of a year ago decide nothing. */
const MEMORY_DAYS = 180

/**
 * Learns from what the runs recorded: which provider served a symbol, which symbols keep failing and
 * are given a rest, which have come back. Everything is derived, so running it twice changes nothing.
 */
export const feedbackLearningPhase: Phase<SymbolContext> = {
  name: 'feedback_learning',
  step: null,
  critical: false,
  finalDateOnly: false,
  reads: ['batch_jobs', 'market_data_cache'],
  writes: ['symbol_universe'],
  async run({ database, date, definitions, log }) {
    const query = {
      date,
      since: addDays(date, -MEMORY_DAYS),
      failureLimit: FAILURE_LIMIT,
      proxies: proxySymbols(definitions),
    }
    const learnt = await transaction(database, ({ db }) => learnFromRuns(db, query))
    const deactivated = learnt.filter((row) => row.was_active && !row.is_active)
    const reactivated = learnt.filter((row) => !row.was_active && row.is_active)
    for (const { symbol, consecutive_failures } of deactivated) {
      log.warn({ symbol, consecutive_failures }, 'symbol_deactivated')
    }
    for (const { symbol } of reactivated) log.info({ symbol }, 'symbol_reactivated')
    return {
      ...EMPTY_OUTCOME,
      processed: learnt.length,
      metrics: { deactivated: deactivated.length, reactivated: reactivated.length },
    }
  },
}
