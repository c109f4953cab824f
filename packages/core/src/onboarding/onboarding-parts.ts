import type { PortfolioRunEnvironment } from '../batch/index.ts'
import type { RunEnding } from '../batch/store/finish-runs.ts'
import type { RecordMetric } from '../metrics/index.ts'
import type { LaunchAnswer, LaunchRequest } from '../run-launch/index.ts'
import type { AskedTogether } from './asked-together.ts'
import type { InstanceLock } from './instance-lock.ts'
import type { PortfolioRefresher } from './portfolio-refresher.ts'
import type { SymbolQueue } from './queue/symbol-queue.ts'
import type { SnapshotValue } from './store/select-snapshot-values.ts'

/** What onboarding shares with the rest of the process. */
export interface OnboardingParts {
  readonly runs: PortfolioRunEnvironment
  /** BATCH_V2_ENABLED: an instant snapshot; else a run in the background. */
  readonly isV2: boolean
  readonly refresher: PortfolioRefresher
  readonly queue: SymbolQueue
  readonly instance: InstanceLock
  /** The newest complete snapshot of a portfolio. */
  readonly snapshots: AskedTogether<string, SnapshotValue | null>
  /** Closes the record of an onboarding. */
  readonly close: (ending: RunEnding) => Promise<void>
  /** Starts batch programs in processes of their own. */
  readonly launch: (
    request: LaunchRequest,
    options: { readonly force: boolean },
  ) => Promise<LaunchAnswer>
  /** Stops a run of any process after its unit of work. */
  readonly cancel: (batchRunId: string) => Promise<boolean>
  readonly record: RecordMetric
}
