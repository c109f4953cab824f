import type { Phase, PhaseOutcome } from './phase.ts'
import type { PortfolioContext } from './portfolio-context.ts'

/**
 * A phase whose work on some of a date's portfolios rests on no other portfolio: parts of the date can be
 * done one after the other, side by side, or on another machine, and are then added up.
 */
export interface PortfolioPhase<Context extends PortfolioContext> extends Phase<Context> {
  /** Does the due portfolios that the context knows; says nothing about the phase as a whole. */
  part(context: Context): Promise<PhaseOutcome>
  /**
   * What can be said only of all of the date's portfolios together.
   *
   * @param sum what the parts came to
   * @param due how many portfolios were due when the phase began
   */
  whole(sum: PhaseOutcome, context: Context, due: number): PhaseOutcome
  /** Metrics that tell of the date and are the same in every part; all others are added up. */
  readonly dateMetrics: readonly string[]
}

type PhaseSpec<Context extends PortfolioContext> = Omit<
  PortfolioPhase<Context>,
  'run' | 'whole' | 'dateMetrics'
> &
  Partial<Pick<PortfolioPhase<Context>, 'whole' | 'dateMetrics'>>

/** Makes a phase that does all of a date's portfolios as one part. By default one in which all failed has failed. */
export function portfolioPhase<Context extends PortfolioContext>(
  spec: PhaseSpec<Context>,
): PortfolioPhase<Context> {
  const { whole = lostWhenAllFailed, dateMetrics = [] } = spec
  return {
    ...spec,
    whole,
    dateMetrics,
    async run(context) {
      const due = context.books.dueIdsOn(context.date).length
      return whole(await spec.part(context), context, due)
    },
  }
}

/** A phase in which every portfolio failed has failed itself, so that it can be retried. */
export function lostWhenAllFailed(sum: PhaseOutcome): PhaseOutcome {
  const failed = new Set(sum.failures.map(({ itemId }) => itemId)).size
  if (sum.processed + sum.skipped > 0 || failed === 0) return sum
  return { ...sum, failure: `all ${failed} portfolios failed` }
}
