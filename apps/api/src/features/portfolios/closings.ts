import { z } from 'zod'
import { dateInNewYork } from '@sigmasight/core/calendar'
import { parseCents, parseMicros } from '@sigmasight/core/pnl'
import {
  closeLot,
  takeBackClosing,
  takeBackValuation,
  valueLot,
} from '@sigmasight/core/portfolio-edits'
import { ApiError } from '../../http/api-error.ts'
import { endpoint } from '../../http/endpoint.ts'
import { toNumber } from '../../http/schemas.ts'
import { makeEdit } from './make-edit.ts'
import {
  closingParams,
  newClosing,
  newValuation,
  positionParams,
  recomputeSchema,
  valuationParams,
} from './schemas.ts'

const close = endpoint({
  method: 'POST',
  path: '/portfolios/:portfolioId/positions/:positionId/close',
  auth: 'user',
  summary: 'Close part or all of a position',
  description:
    'The quantity is unsigned, on the shares of the trade date. CLOSE_001 quantity not above 0, 003 a date before the entry, after today or after expiration, 004 more than is open.',
  params: positionParams,
  body: newClosing,
  responses: {
    201: z.object({
      closing_id: z.uuid(),
      realized_pnl: z.number(),
      recompute: recomputeSchema,
    }),
  },
  async handler(input) {
    const { body, params, clock } = input
    const quantity = parseMicros(body.quantity)
    if (quantity <= 0n) throw new ApiError(400, 'CLOSE_001', 'The quantity is not above 0.')
    const closing = { tradeDate: body.date, quantity, price: parseMicros(body.price) }
    const facts = closeLot(params.positionId, closing, dateInNewYork(clock.now()))
    const { value, recompute } = await makeEdit(input, facts)
    const realized_pnl = toNumber(value.realizedPnl)
    return { status: 201, body: { closing_id: value.eventId, realized_pnl, recompute } }
  },
})

const takeBackClose = endpoint({
  method: 'DELETE',
  path: '/portfolios/:portfolioId/positions/:positionId/closings/:closingId',
  auth: 'user',
  summary: 'Take a closing back',
  params: closingParams,
  responses: { 200: z.object({ closing_id: z.uuid(), recompute: recomputeSchema }) },
  problems: { 409: 'It is an expiry, which follows from the contract: CLOSE_005.' },
  async handler(input) {
    const { positionId, closingId } = input.params
    const { value, recompute } = await makeEdit(input, takeBackClosing(positionId, closingId))
    return { status: 200, body: { closing_id: value, recompute } }
  },
})

const value = endpoint({
  method: 'POST',
  path: '/portfolios/:portfolioId/positions/:positionId/valuations',
  auth: 'user',
  summary: 'Say what a PRIVATE position is worth from a day on',
  description: 'VALUATION_001 not PRIVATE, 002 a date before the entry or after today.',
  params: positionParams,
  body: newValuation,
  responses: { 201: z.object({ valuation_id: z.uuid(), recompute: recomputeSchema }) },
  async handler(input) {
    const { body, params, clock } = input
    const valuation = { date: body.valuation_date, marketValue: parseCents(body.market_value) }
    const facts = valueLot(params.positionId, valuation, dateInNewYork(clock.now()))
    const { value: valuation_id, recompute } = await makeEdit(input, facts)
    return { status: 201, body: { valuation_id, recompute } }
  },
})

const takeBackValue = endpoint({
  method: 'DELETE',
  path: '/portfolios/:portfolioId/positions/:positionId/valuations/:valuationId',
  auth: 'user',
  summary: 'Take a valuation back',
  params: valuationParams,
  responses: { 200: z.object({ valuation_id: z.uuid(), recompute: recomputeSchema }) },
  async handler(input) {
    const { positionId, valuationId } = input.params
    const facts = takeBackValuation(positionId, valuationId)
    const { value: valuation_id, recompute } = await makeEdit(input, facts)
    return { status: 200, body: { valuation_id, recompute } }
  },
})

export const closingEndpoints = [close, takeBackClose, value, takeBackValue]
