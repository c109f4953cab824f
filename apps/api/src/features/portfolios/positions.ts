import { z } from 'zod'
import { dateInNewYork } from '@sigmasight/core/calendar'
import { addLot, changeLot, deleteLot } from '@sigmasight/core/portfolio-edits'
import {
  exportPositions,
  selectClosings,
  selectPositions,
  selectValuations,
  type PositionRow,
} from '@sigmasight/core/portfolio-reads'
import { ApiError } from '../../http/api-error.ts'
import { endpoint, media, type Context } from '../../http/endpoint.ts'
import { portfolioParams } from '../../http/schemas.ts'
import { makeEdit } from './make-edit.ts'
import {
  closingSchema,
  newPosition,
  positionChanges,
  positionParams,
  positionSchema,
  recomputeSchema,
  valuationSchema,
} from './schemas.ts'
import { toClosingBody, toPositionBody, toValuationBody } from './to-body.ts'

const edited = z.object({ position: positionSchema, recompute: recomputeSchema })

const list = endpoint({
  method: 'GET',
  path: '/portfolios/:portfolioId/positions',
  auth: 'user',
  summary: 'The positions of a portfolio, open and closed',
  params: portfolioParams,
  responses: { 200: z.object({ portfolio_id: z.uuid(), positions: z.array(positionSchema) }) },
  async handler({ database, clock, portfolio }) {
    const options = { positionId: null, today: dateInNewYork(clock.now()) }
    const rows = await selectPositions(database.db, portfolio.id, options)
    const body = { portfolio_id: portfolio.id, positions: rows.map(toPositionBody) }
    return { status: 200, body }
  },
})

const file = endpoint({
  method: 'GET',
  path: '/portfolios/:portfolioId/positions/export',
  auth: 'user',
  summary: 'The positions as a CSV file',
  params: portfolioParams,
  responses: { 200: media('text/csv', 'A line a position; the columns of an upload come first.') },
  async handler({ database, clock, portfolio }) {
    const options = { positionId: null, today: dateInNewYork(clock.now()) }
    const rows = await selectPositions(database.db, portfolio.id, options)
    return {
      status: 200,
      contentType: 'text/csv; charset=utf-8',
      content: exportPositions(rows),
      filename: `${portfolio.name}-positions.csv`,
    }
  },
})

const one = endpoint({
  method: 'GET',
  path: '/portfolios/:portfolioId/positions/:positionId',
  auth: 'user',
  summary: 'A position with its closings and valuations',
  params: positionParams,
  responses: {
    200: positionSchema.extend({
      closings: z.array(closingSchema),
      valuations: z.array(valuationSchema),
    }),
  },
  async handler(input) {
    const { database, params } = input
    const row = await read(input, params)
    const closings = await selectClosings(database.db, params.positionId)
    const valuations = await selectValuations(database.db, params.positionId)
    return {
      status: 200,
      body: {
        ...toPositionBody(row),
        closings: closings.map(toClosingBody),
        valuations: valuations.map(toValuationBody),
      },
    }
  },
})

const add = endpoint({
  method: 'POST',
  path: '/portfolios/:portfolioId/positions',
  auth: 'user',
  summary: 'Enter a position',
  description: 'The rules and codes are those of a row of an upload (POS_001..).',
  params: portfolioParams,
  body: newPosition,
  responses: { 201: edited },
  problems: { 409: 'There is one of this symbol, entry date and entry price: POS_023.' },
  async handler(input) {
    const { body, clock, params } = input
    const columns = {
      Symbol: body.symbol,
      Quantity: body.quantity,
      'Entry Price Per Share': body.entry_price,
      'Entry Date': body.entry_date,
      'Investment Class': body.investment_class ?? '',
      'Investment Subtype': body.investment_subtype ?? '',
      'Underlying Symbol': body.underlying_symbol ?? '',
      'Strike Price': body.strike_price ?? '',
      'Expiration Date': body.expiration_date ?? '',
      'Option Type': body.option_type ?? '',
      'Market Value': body.market_value ?? '',
    }
    const frame = { notes: body.notes ?? null, today: dateInNewYork(clock.now()) }
    const { value: positionId, recompute } = await makeEdit(input, addLot(columns, frame))
    const row = await read(input, { ...params, positionId })
    fetchPrices(input, row)
    return { status: 201, body: { position: toPositionBody(row), recompute } }
  },
})

const change = endpoint({
  method: 'PATCH',
  path: '/portfolios/:portfolioId/positions/:positionId',
  auth: 'user',
  summary: 'Change notes or subtype of a position',
  description: 'Quantity and entry never change: delete the position and enter it again.',
  params: positionParams,
  body: positionChanges,
  responses: { 200: edited },
  async handler(input) {
    const { body, params } = input
    const { notes, investment_subtype: investmentSubtype } = body
    const changes = {
      ...(notes === undefined ? {} : { notes }),
      ...(investmentSubtype === undefined ? {} : { investmentSubtype }),
    }
    const { recompute } = await makeEdit(input, changeLot(params.positionId, changes))
    const row = await read(input, params)
    return { status: 200, body: { position: toPositionBody(row), recompute } }
  },
})

const remove = endpoint({
  method: 'DELETE',
  path: '/portfolios/:portfolioId/positions/:positionId',
  auth: 'user',
  summary: 'Delete a position, as if it had never been entered',
  params: positionParams,
  responses: { 200: z.object({ position_id: z.uuid(), recompute: recomputeSchema }) },
  async handler(input) {
    const { value, recompute } = await makeEdit(input, deleteLot(input.params.positionId))
    return { status: 200, body: { position_id: value, recompute } }
  },
})

/** A symbol that nobody held before is fetched at once rather than with the next look at what is lacking. */
function fetchPrices({ services }: Pick<Context, 'services'>, row: PositionRow): void {
  const { isV2, queue } = services.onboarding
  if (!isV2 || row.data_status !== 'pending' || row.investment_class === 'PRIVATE') return
  const { symbol, underlying_symbol: underlying } = row
  queue.enqueue(underlying === null ? [symbol] : [symbol, underlying])
}

/** Throws ApiError 404 when the portfolio has no such position. */
async function read(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  { portfolioId, positionId }: z.output<typeof positionParams>,
): Promise<PositionRow> {
  const options = { positionId, today: dateInNewYork(clock.now()) }
  const [row] = await selectPositions(database.db, portfolioId, options)
  if (row !== undefined) return row
  throw new ApiError(404, 'POSITION_NOT_FOUND', 'The portfolio has no position of this id.')
}

export const positionEndpoints = [list, file, one, add, change, remove]
