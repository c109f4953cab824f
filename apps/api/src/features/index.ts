import type { Endpoint } from '../http/endpoint.ts'
import { adminBatchEndpoints } from './admin-batch/index.ts'
import { analyticsEndpoints } from './analytics/index.ts'
import { authEndpoints } from './auth/index.ts'
import { onboardingEndpoints } from './onboarding/index.ts'
import { documentEndpoints } from './documents/index.ts'
import { healthEndpoints } from './health/index.ts'
import { portfolioEndpoints } from './portfolios/index.ts'

/**
 * Every endpoint there is: the server, the OpenAPI document and the contract test all go by this list.
 * A feature adds its own here.
 */
export const ENDPOINTS: readonly Endpoint[] = [
  ...authEndpoints,
  ...adminBatchEndpoints,
  ...onboardingEndpoints,
  ...portfolioEndpoints,
  ...analyticsEndpoints,
  ...healthEndpoints,
  ...documentEndpoints(() => ENDPOINTS),
]
