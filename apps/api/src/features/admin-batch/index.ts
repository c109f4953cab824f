import { dataEndpoints } from './data.ts'
import { historyEndpoints } from './history.ts'
import { jobEndpoints } from './jobs.ts'
import { onboardingQueueEndpoints } from './onboarding-queue.ts'
import { qualityEndpoints } from './quality.ts'
import { runEndpoints } from './runs.ts'
import { triggerEndpoints } from './triggers.ts'

export const adminBatchEndpoints = [
  ...runEndpoints,
  ...triggerEndpoints,
  ...historyEndpoints,
  ...jobEndpoints,
  ...qualityEndpoints,
  ...dataEndpoints,
  ...onboardingQueueEndpoints,
]
