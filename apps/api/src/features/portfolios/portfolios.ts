import { z } from 'zod'
import { changePortfolio, deletePortfolio } from '@sigmasight/core/portfolio-edits'
import {
  exportSnapshots,
  selectPortfolios,
  selectSnapshots,
  type PortfolioSummary,
} from '@sigmasight/core/portfolio-reads'
import { portfolioNotFound } from '../../http/api-error.ts'
import { endpoint, media, NO_CONTENT, type Context } from '../../http/endpoint.ts'
import { portfolioParams } from '../../http/schemas.ts'
import { makeEdit } from './make-edit.ts'
import { portfolioChanges, portfolioSchema, snapshotQuery, snapshotSchema } from './schemas.ts'
import { toPortfolioBody, toSnapshotBody } from './to-body.ts'

const list = endpoint({
  method: 'GET',
  path: '/portfolios',
  auth: 'user',
  summary: 'Your portfolios',
  responses: { 200: z.object({ portfolios: z.array(portfolioSchema) }) },
  async handler({ database, user }) {
    const rows = await selectPortfolios(database.db, user.id, null)
    return { status: 200, body: { portfolios: rows.map(toPortfolioBody) } }
  },
})

const one = endpoint({
  method: 'GET',
  path: '/portfolios/:portfolioId',
  auth: 'user',
  summary: 'A portfolio with its latest value',
  params: portfolioParams,
  responses: { 200: portfolioSchema },
  async handler({ database, user, portfolio }) {
    return { status: 200, body: toPortfolioBody(await read({ database }, user.id, portfolio.id)) }
  },
})

const change = endpoint({
  method: 'PATCH',
  path: '/portfolios/:portfolioId',
  auth: 'user',
  summary: 'Rename a portfolio or its account',
  params: portfolioParams,
  body: portfolioChanges,
  responses: { 200: portfolioSchema },
  problems: { 409: 'You have an account of this name: PORT_001.' },
  async handler(input) {
    const { name, account_name: accountName, account_type: accountType, description } = input.body
    const changes = {
      ...(name === undefined ? {} : { name }),
      ...(accountName === undefined ? {} : { accountName }),
      ...(accountType === undefined ? {} : { accountType }),
      ...(description === undefined ? {} : { description }),
    }
    await makeEdit(input, changePortfolio(changes))
    const row = await read(input, input.user.id, input.portfolio.id)
    return { status: 200, body: toPortfolioBody(row) }
  },
})

const remove = endpoint({
  method: 'DELETE',
  path: '/portfolios/:portfolioId',
  auth: 'user',
  summary: 'Delete a portfolio',
  params: portfolioParams,
  responses: { 204: NO_CONTENT },
  async handler(input) {
    await makeEdit(input, deletePortfolio)
    return { status: 204 }
  },
})

const snapshots = endpoint({
  method: 'GET',
  path: '/portfolios/:portfolioId/snapshots',
  auth: 'user',
  summary: 'What the portfolio was worth, session by session',
  params: portfolioParams,
  query: snapshotQuery,
  responses: {
    200: z.object({ portfolio_id: z.uuid(), snapshots: z.array(snapshotSchema) }),
  },
  async handler({ database, portfolio, query: { from = null, to = null } }) {
    const rows = await selectSnapshots(database.db, portfolio.id, { from, to })
    const body = { portfolio_id: portfolio.id, snapshots: rows.map(toSnapshotBody) }
    return { status: 200, body }
  },
})

const snapshotsFile = endpoint({
  method: 'GET',
  path: '/portfolios/:portfolioId/snapshots/export',
  auth: 'user',
  summary: 'The snapshots as a CSV file',
  params: portfolioParams,
  query: snapshotQuery,
  responses: { 200: media('text/csv', 'A line a session.') },
  async handler({ database, portfolio, query: { from = null, to = null } }) {
    const rows = await selectSnapshots(database.db, portfolio.id, { from, to })
    return {
      status: 200,
      contentType: 'text/csv; charset=utf-8',
      content: exportSnapshots(rows),
      filename: `${portfolio.name}-snapshots.csv`,
    }
  },
})

async function read(
  { database }: Pick<Context, 'database'>,
  userId: string,
  portfolioId: string,
): Promise<PortfolioSummary> {
  const [row] = await selectPortfolios(database.db, userId, portfolioId)
  // Deleted between the check and here.
  if (row === undefined) throw portfolioNotFound()
  return row
}

export const portfolioOwnEndpoints = [list, one, change, remove, snapshots, snapshotsFile]
