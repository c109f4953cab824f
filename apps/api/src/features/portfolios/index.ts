import { closingEndpoints } from './closings.ts'
import { equityChangeEndpoints } from './equity-changes.ts'
import { portfolioOwnEndpoints } from './portfolios.ts'
import { positionEndpoints } from './positions.ts'

export const portfolioEndpoints = [
  ...portfolioOwnEndpoints,
  ...positionEndpoints,
  ...closingEndpoints,
  ...equityChangeEndpoints,
]
