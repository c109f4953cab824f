import { csvTemplate } from '@sigmasight/core/onboarding'
import { endpoint, media, type Endpoint } from '../../http/endpoint.ts'
import { calculate } from './calculate.ts'
import { createPortfolioEndpoints } from './create-portfolio.ts'
import { getLogs, getStatus, getSymbolStatus } from './status.ts'

const getTemplate = endpoint({
  method: 'GET',
  path: '/onboarding/csv-template',
  auth: 'none',
  summary: 'A CSV file of positions to start from',
  responses: { 200: media('text/csv', 'The header with a row of each kind.') },
  handler: () => ({
    status: 200,
    contentType: 'text/csv; charset=utf-8',
    content: csvTemplate(),
    filename: 'sigmasight-positions.csv',
  }),
})

export const onboardingEndpoints: readonly Endpoint[] = [
  getTemplate,
  ...createPortfolioEndpoints,
  calculate,
  getStatus,
  getLogs,
  getSymbolStatus,
]
