import { analyticsPhase } from './phases/analytics.ts'
import { correlationsPhase } from './phases/correlations.ts'
import { exposuresPhase } from './phases/exposures.ts'
import { greeksPhase } from './phases/greeks.ts'
import { snapshotsPhase } from './phases/snapshots.ts'
import { stressTestsPhase } from './phases/stress-tests.ts'
import type { PortfolioPhase } from './portfolio-phase.ts'
import type { SnapshotContext } from './snapshot-context.ts'

/** The phases of the portfolio layer that can be done for some portfolios of a date by themselves, in their order. */
export const PORTFOLIO_PARTS: readonly PortfolioPhase<SnapshotContext>[] = [
  snapshotsPhase,
  greeksPhase,
  exposuresPhase,
  analyticsPhase,
  correlationsPhase,
  stressTestsPhase,
]
