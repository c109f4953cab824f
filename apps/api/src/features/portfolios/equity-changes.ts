import { z } from 'zod'
import { dateInNewYork } from '@sigmasight/core/calendar'
import { parseCents } from '@sigmasight/core/pnl'
import { addFlow, changeFlow, deleteFlow } from '@sigmasight/core/portfolio-edits'
import { selectEquityChanges } from '@sigmasight/core/portfolio-reads'
import { ApiError } from '../../http/api-error.ts'
import { endpoint, type Context } from '../../http/endpoint.ts'
import { portfolioParams } from '../../http/schemas.ts'
import { makeEdit } from './make-edit.ts'
import {
  equityChangeChanges,
  equityChangeParams,
  equityChangeSchema,
  newEquityChange,
  recomputeSchema,
} from './schemas.ts'
import { toEquityChangeBody } from './to-body.ts'

const CODES =
  'EQUITY_001 amount not above 0, 002 a date after today, 003 a withdrawal of more than the equity of its date, 004 not found.'
const edited = z.object({ equity_change: equityChangeSchema, recompute: recomputeSchema })

const list = endpoint({
  method: 'GET',
  path: '/portfolios/:portfolioId/equity-changes',
  auth: 'user',
  summary: 'Contributions and withdrawals',
  params: portfolioParams,
  responses: {
    200: z.object({ portfolio_id: z.uuid(), equity_changes: z.array(equityChangeSchema) }),
  },
  async handler({ database, portfolio }) {
    const rows = await selectEquityChanges(database.db, portfolio.id, null)
    const body = { portfolio_id: portfolio.id, equity_changes: rows.map(toEquityChangeBody) }
    return { status: 200, body }
  },
})

const one = endpoint({
  method: 'GET',
  path: '/portfolios/:portfolioId/equity-changes/:changeId',
  auth: 'user',
  summary: 'A contribution or withdrawal',
  params: equityChangeParams,
  responses: { 200: equityChangeSchema },
  async handler(input) {
    return { status: 200, body: await read(input, input.params) }
  },
})

const add = endpoint({
  method: 'POST',
  path: '/portfolios/:portfolioId/equity-changes',
  auth: 'user',
  summary: 'Enter a contribution or a withdrawal',
  description: CODES,
  params: portfolioParams,
  body: newEquityChange,
  responses: { 201: edited },
  async handler(input) {
    const { body, params, clock } = input
    const flow = {
      changeType: body.change_type,
      amount: parseCents(body.amount),
      date: body.change_date,
      notes: body.notes ?? null,
    }
    const facts = addFlow(flow, dateInNewYork(clock.now()))
    const { value: changeId, recompute } = await makeEdit(input, facts)
    const equity_change = await read(input, { ...params, changeId })
    return { status: 201, body: { equity_change, recompute } }
  },
})

const change = endpoint({
  method: 'PATCH',
  path: '/portfolios/:portfolioId/equity-changes/:changeId',
  auth: 'user',
  summary: 'Correct a contribution or a withdrawal',
  description: CODES,
  params: equityChangeParams,
  body: equityChangeChanges,
  responses: { 200: edited },
  async handler(input) {
    const { body, params, clock } = input
    const { amount, change_type: changeType, change_date: date, notes } = body
    const changes = {
      ...(changeType === undefined ? {} : { changeType }),
      ...(amount === undefined ? {} : { amount: parseCents(amount) }),
      ...(date === undefined ? {} : { date }),
      ...(notes === undefined ? {} : { notes }),
    }
    const facts = changeFlow(params.changeId, changes, dateInNewYork(clock.now()))
    const { recompute } = await makeEdit(input, facts)
    return { status: 200, body: { equity_change: await read(input, params), recompute } }
  },
})

const remove = endpoint({
  method: 'DELETE',
  path: '/portfolios/:portfolioId/equity-changes/:changeId',
  auth: 'user',
  summary: 'Take a contribution or a withdrawal back',
  params: equityChangeParams,
  responses: { 200: z.object({ equity_change_id: z.uuid(), recompute: recomputeSchema }) },
  async handler(input) {
    const { value, recompute } = await makeEdit(input, deleteFlow(input.params.changeId))
    return { status: 200, body: { equity_change_id: value, recompute } }
  },
})

async function read(
  { database }: Pick<Context, 'database'>,
  { portfolioId, changeId }: z.output<typeof equityChangeParams>,
) {
  const [row] = await selectEquityChanges(database.db, portfolioId, changeId)
  if (row !== undefined) return toEquityChangeBody(row)
  throw new ApiError(404, 'EQUITY_004', 'The portfolio has no equity change of this id.')
}

export const equityChangeEndpoints = [list, one, add, change, remove]
