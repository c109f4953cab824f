import { z } from 'zod'
import * as reads from '@sigmasight/core/analytics-reads'
import { endpoint, type Endpoint } from '../../http/endpoint.ts'
import { id, portfolioParams, queryInteger } from '../../http/schemas.ts'
import { answer } from './answer.ts'
import * as schemas from './schemas.ts'

type Read = Parameters<typeof answer>[3]

interface Analytic {
  /** The last part of the path. */
  readonly name: string
  readonly summary: string
  readonly schema: ReturnType<typeof schemas.analytic>
  readonly read: Read
}

/** Analytics that are asked for without parameters. */
const ANALYTICS: readonly Analytic[] = [
  {
    name: 'overview',
    summary: 'Value, P&L and every figure of the newest snapshot',
    schema: schemas.overviewSchema,
    read: reads.readOverview,
  },
  {
    name: 'factor-exposures',
    summary: 'What the portfolio is exposed to',
    schema: schemas.factorsSchema,
    read: reads.readFactorExposures,
  },
  {
    name: 'positions/factor-exposures',
    summary: 'What each position is exposed to, per dollar of its value',
    schema: schemas.positionFactorsSchema,
    read: reads.readPositionFactors,
  },
  {
    name: 'stress-test',
    summary: 'What scenarios would do to the portfolio',
    schema: schemas.stressSchema,
    read: reads.readStressTest,
  },
  {
    name: 'diversification-score',
    summary: 'How far the holdings move apart',
    schema: schemas.diversificationSchema,
    read: reads.readDiversificationScore,
  },
  {
    name: 'volatility',
    summary: 'How much the portfolio and its positions move',
    schema: schemas.volatilitySchema,
    read: reads.readVolatility,
  },
  {
    name: 'beta-calculated-90d',
    summary: "Beta of the holdings' returns over 90 sessions",
    schema: schemas.calculatedBetaSchema,
    read: reads.readCalculatedBeta,
  },
  {
    name: 'beta-provider-1y',
    summary: "The companies' published betas, weighted",
    schema: schemas.providerBetaSchema,
    read: reads.readProviderBeta,
  },
  {
    name: 'beta-comparison',
    summary: 'The betas of the portfolio beside each other',
    schema: schemas.betaComparisonSchema,
    read: reads.readBetaComparison,
  },
  {
    name: 'sector-exposure',
    summary: 'Market values by sector, as shares of equity',
    schema: schemas.sectorSchema,
    read: reads.readSectorExposure,
  },
  {
    name: 'concentration',
    summary: 'How concentrated the portfolio is',
    schema: schemas.concentrationSchema,
    read: reads.readConcentration,
  },
  {
    name: 'greeks',
    summary: 'What options do to the portfolio',
    schema: schemas.greeksSchema,
    read: reads.readGreeks,
  },
  {
    name: 'performance',
    summary: 'Returns, risk and drawdown of the record, beside SPY',
    schema: schemas.performanceSchema,
    read: reads.readPerformance,
  },
  {
    name: 'spread-factors',
    summary: 'Which way the portfolio leans between styles',
    schema: schemas.factorsSchema,
    read: reads.readSpreadFactors,
  },
]

function ofPath({ name, summary, schema, read }: Analytic): Endpoint {
  return endpoint({
    method: 'GET',
    path: `/analytics/portfolio/:portfolioId/${name}`,
    auth: 'user',
    summary,
    params: portfolioParams,
    responses: { 200: schema },
    handler: (input) => answer(input, input.portfolio, name, read),
  })
}

/** A query parameter that is a number of at least 0. */
const limit = (max: number) =>
  z
    .string()
    .regex(/^\d{1,12}(?:\.\d{1,12})?$/)
    .transform(Number)
    .pipe(z.number().max(max))
    .meta({ openapi: { type: 'number', minimum: 0, maximum: max } })
    .optional()

const correlationMatrix = endpoint({
  method: 'GET',
  path: '/analytics/portfolio/:portfolioId/correlation-matrix',
  auth: 'user',
  summary: 'How the larger holdings correlate',
  description: "As computed at night; with limits of one's own it is computed now.",
  params: portfolioParams,
  query: z.strictObject({ min_weight: limit(1), min_value: limit(1e12) }),
  responses: { 200: schemas.correlationSchema },
  handler(input) {
    const { min_weight: minWeight, min_value: minValue } = input.query
    const question = `correlation-matrix ${minWeight ?? ''} ${minValue ?? ''}`
    return answer(input, input.portfolio, question, (source) =>
      reads.readCorrelationMatrix(source, { minWeight, minValue }),
    )
  },
})

const MONTH = 21

const pnlExplain = endpoint({
  method: 'GET',
  path: '/analytics/portfolio/:portfolioId/pnl-explain',
  auth: 'user',
  summary: 'Where the P&L of each session came from',
  params: portfolioParams,
  query: z.strictObject({ sessions: queryInteger(1, 252).optional() }),
  responses: { 200: schemas.pnlExplainSchema },
  handler(input) {
    const { sessions = MONTH } = input.query
    return answer(input, input.portfolio, `pnl-explain ${sessions}`, (source) =>
      reads.readPnlExplain(source, sessions),
    )
  },
})

const ofQuery = { query: z.strictObject({ portfolio_id: id }) }

const factors = endpoint({
  method: 'GET',
  path: '/analytics/factors',
  auth: 'user',
  summary: 'What the portfolio is exposed to',
  ...ofQuery,
  responses: { 200: schemas.factorsSchema },
  async handler(input) {
    const portfolio = await input.ownPortfolio(input.query.portfolio_id)
    return answer(input, portfolio, 'factor-exposures', reads.readFactorExposures)
  },
})

const stressTests = endpoint({
  method: 'GET',
  path: '/analytics/stress-tests',
  auth: 'user',
  summary: 'What scenarios would do to the portfolio',
  ...ofQuery,
  responses: { 200: schemas.stressSchema },
  async handler(input) {
    const portfolio = await input.ownPortfolio(input.query.portfolio_id)
    return answer(input, portfolio, 'stress-test', reads.readStressTest)
  },
})

export const analyticsEndpoints = [
  ...ANALYTICS.map(ofPath),
  correlationMatrix,
  pnlExplain,
  factors,
  stressTests,
]
