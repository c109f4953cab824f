import { updateCompanies, type CompanyReport, type RefusedValue } from '../company/index.ts'
import type { CompanyUpdate } from '../company/update-companies.ts'
import type { SymbolContext } from './symbol-context.ts'
import { countReasons, EMPTY_OUTCOME, type ItemFailure, type PhaseOutcome } from './phase.ts'

/**
 * How long a phase about companies may ask: a fifth of what a run of one date has by default. At Yahoo's
 * default rate a universe of 5,000 takes longer than the whole run, and prices matter more.
 */
const LIMIT_MINUTES = 5
/** Reasons to ask nobody that an operator has chosen himself and need not be told of every night. */
const CHOSEN = new Set(['no_provider', 'budget_spent'])
const SHOWN_VALUES = 5
const LISTED_VALUES = 100

type Asked<Value> = Pick<CompanyUpdate<Value>, 'symbols' | 'ask' | 'store'> & {
  /** What is asked for, in the plural. */
  readonly subject: string
}

/** Asks for the given symbols until all are done or the time is up, and says what came of it. */
export async function runCompanyUpdate<Value>(
  { clock, signal, progress, log }: SymbolContext,
  { subject, ...asked }: Asked<Value>,
): Promise<PhaseOutcome> {
  const end = clock.now().plus({ minutes: LIMIT_MINUTES })
  const hasTime = () => clock.now() < end
  const report = await updateCompanies({ ...asked, hasTime, signal, progress })
  for (const [symbol, values] of Map.groupBy(report.refused, (value) => value.symbol)) {
    log.warn({ symbol, values }, 'values_refused')
  }
  return outcomeOf(report, subject)
}

function outcomeOf(report: CompanyReport, subject: string): PhaseOutcome {
  const { answered, inserted, updated, refused, unreadable, without } = report
  const failures = unreadable.map(({ symbol, reason, detail }): ItemFailure => ({
    itemId: symbol,
    reason,
    category: 'data',
    message: detail,
  }))
  return {
    ...EMPTY_OUTCOME,
    processed: answered,
    skipped: Object.values(without).reduce((sum, count) => sum + count, 0),
    failed: failures.length,
    reasons: { ...without, ...countReasons(failures) },
    metrics: {
      rows_inserted: inserted,
      rows_updated: updated,
      values_refused: refused.length,
      refused: refused.slice(0, LISTED_VALUES).map((value) => ({ ...value })),
    },
    failures,
    alerts: [...alertOfUnreached(report, subject), ...alertOfRefused(refused)],
  }
}

function alertOfUnreached(
  { unreached, unreachedDetail }: CompanyReport,
  subject: string,
): readonly string[] {
  const counts = Object.entries(unreached).filter(([reason]) => !CHOSEN.has(reason))
  if (counts.length === 0) return []
  const symbols = counts.reduce((sum, [, count]) => sum + count, 0)
  return [`${subject} of ${symbols} symbols could not be asked for: ${unreachedDetail ?? ''}`]
}

function alertOfRefused(refused: readonly RefusedValue[]): readonly string[] {
  if (refused.length === 0) return []
  const shown = refused
    .slice(0, SHOWN_VALUES)
    .map(({ symbol, field, value }) => `${symbol} ${field} ${value}`)
  const more = refused.length > shown.length ? `, and ${refused.length - shown.length} more` : ''
  return [`${refused.length} values fit no column and were left out: ${shown.join(', ')}${more}`]
}
