import type { PortfolioContext } from './portfolio-context.ts'
import type { PortfolioRun } from './portfolio-run.ts'

/** The context of the phase that makes snapshots: it also changes what the run knows of its books. */
export interface SnapshotContext extends PortfolioContext {
  readonly books: PortfolioRun
}
