import { z } from 'zod'
import { calculatePortfolio, OnboardingRefused } from '@sigmasight/core/onboarding'
import { ApiError } from '../../http/api-error.ts'
import { endpoint } from '../../http/endpoint.ts'
import { portfolioParams, queryFlag } from '../../http/schemas.ts'
import { calculationSchema } from './schemas.ts'

/** Waiting for a run that was asked to stop takes its time. */
const CALCULATE_SECONDS = 60

export const calculate = endpoint({
  method: 'POST',
  path: '/portfolios/:portfolioId/calculate',
  auth: 'user',
  summary: 'Start whatever the portfolio lacks: snapshots, analytics, symbols',
  params: portfolioParams,
  query: z.strictObject({ force: queryFlag.optional() }),
  timeoutSeconds: CALCULATE_SECONDS,
  responses: { 200: calculationSchema, 202: calculationSchema },
  problems: {
    409: 'BATCH_RUNNING with the batch_run_id of the run; force=true cancels it first.',
    503: 'NO_PRICE_DATA: the first symbol batch is not done.',
  },
  async handler({ portfolio, query, services, user }) {
    const request = { portfolioId: portfolio.id, userId: user.id, force: query.force === true }
    const answer = await calculatePortfolio(services.onboarding, request).catch(
      (thrown: unknown) => {
        if (!(thrown instanceof OnboardingRefused)) throw thrown
        throw new ApiError(503, thrown.code, thrown.message, { headers: { 'retry-after': '600' } })
      },
    )
    const own = {
      portfolio_id: portfolio.id,
      poll_url: `/api/v1/onboarding/status/${portfolio.id}`,
    }
    switch (answer.kind) {
      case 'completed':
        return { status: 200, body: { status: 'completed', batch_run_id: null, ...own } }
      case 'started':
        return {
          status: 202,
          body: { status: 'started', batch_run_id: answer.batchRunId, ...own },
        }
      case 'running':
        throw new ApiError(409, 'BATCH_RUNNING', 'A run is working on this portfolio.', {
          members: { batch_run_id: answer.batchRunId },
        })
    }
  },
})
