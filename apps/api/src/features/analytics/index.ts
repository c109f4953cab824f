import { z } from 'zod'
import * as reads from '@sigmasight/core/analytics-reads'
import { endpoint, type Endpoint } from '../../http/endpoint.ts'
import { id, portfolioParams, queryInteger } from '../../http/schemas.ts'
import { answer, ofPortfolio, ofSymbols, type Reader } from './answer.ts'
import * as schemas from './schemas.ts'

interface Analytic {
  /** The last part of the path. */
  readonly name: string
  readonly summary: string
  readonly schema: ReturnType<typeof schemas.analytic>
  readonly reader: Reader
}

/** Analytics that are asked for without parameters. */
const ANALYTICS: readonly Analytic[] = [
  {
    name: 'overview',
    summary: 'Value, P&L and every figure of the newest snapshot',
    schema: schemas.overviewSchema,
    reader: ofPortfolio(reads.readOverview),
  },
  {
    name: 'factor-exposures',
    summary: 'What the portfolio is exposed to',
    schema: schemas.factorsSchema,
    reader: ofSymbols(reads.readFactorExposures),
  },
  {
    name: 'positions/factor-exposures',
    summary: 'What each position is exposed to, per dollar of its value',
    schema: schemas.positionFactorsSchema,
    reader: ofSymbols(reads.readPositionFactors),
  },
  {
    name: 'stress-test',
    summary: 'What scenarios would do to the portfolio',
    schema: schemas.stressSchema,
    reader: ofPortfolio(reads.readStressTest),
  },
  {
    name: 'diversification-score',
    summary: 'How far the holdings move apart',
    schema: schemas.diversificationSchema,
    reader: ofPortfolio(reads.readDiversificationScore),
  },
  {
    name: 'volatility',
    summary: 'How much the portfolio and its positions move',
    schema: schemas.volatilitySchema,
    reader: ofPortfolio(reads.readVolatility),
  },
  {
    name: 'beta-calculated-90d',
    summary: "Beta of the holdings' returns over 90 sessions",
    schema: schemas.calculatedBetaSchema,
    reader: ofPortfolio(reads.readCalculatedBeta),
  },
  {
    name: 'beta-provider-1y',
    summary: "The companies' published betas, weighted",
    schema: schemas.providerBetaSchema,
    reader: ofPortfolio(reads.readProviderBeta),
  },
  {
    name: 'beta-comparison',
    summary: 'The betas of the portfolio beside each other',
    schema: schemas.betaComparisonSchema,
    reader: ofPortfolio(reads.readBetaComparison),
  },
  {
    name: 'sector-exposure',
    summary: 'Market values by sector, as shares of equity',
    schema: schemas.sectorSchema,
    reader: ofPortfolio(reads.readSectorExposure),
  },
  {
    name: 'concentration',
    summary: 'How concentrated the portfolio is',
    schema: schemas.concentrationSchema,
    reader: ofPortfolio(reads.readConcentration),
  },
  {
    name: 'greeks',
    summary: 'What options do to the portfolio',
    schema: schemas.greeksSchema,
    reader: ofPortfolio(reads.readGreeks),
  },
  {
    name: 'performance',
    summary: 'Returns, risk and drawdown of the record, beside SPY',
    schema: schemas.performanceSchema,
    reader: ofSymbols(reads.readPerformance),
  },
  {
    name: 'spread-factors',
    summary: 'Which way the portfolio leans between styles',
    schema: schemas.factorsSchema,
    reader: ofSymbols(reads.readSpreadFactors),
  },
]

function ofPath({ name, summary, schema, reader }: Analytic): Endpoint {
  return endpoint({
    method: 'GET',
    path: `/analytics/portfolio/:portfolioId/${name}`,
    auth: 'user',
    summary,
    params: portfolioParams,
    responses: { 200: schema },
    handler: (input) => answer(input, input.portfolio, name, reader),
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
    const read = (source: reads.PortfolioSource) =>
      reads.readCorrelationMatrix(source, { minWeight, minValue })
    const isOfTheNight = minWeight === undefined && minValue === undefined
    const reader = isOfTheNight ? ofPortfolio(read) : ofSymbols(read)
    return answer(input, input.portfolio, question, reader)
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
    const reader = ofPortfolio((source) => reads.readPnlExplain(source, sessions))
    return answer(input, input.portfolio, `pnl-explain ${sessions}`, reader)
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
    return answer(input, portfolio, 'factor-exposures', ofSymbols(reads.readFactorExposures))
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
    return answer(input, portfolio, 'stress-test', ofPortfolio(reads.readStressTest))
  },
})

export const analyticsEndpoints = [
  ...ANALYTICS.map(ofPath),
  correlationMatrix,
  pnlExplain,
  factors,
  stressTests,
]
