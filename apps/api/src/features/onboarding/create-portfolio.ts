import { z } from 'zod'
import { formatCents } from '@sigmasight/core/pnl'
import {
  MAX_BYTES,
  onboardPortfolio,
  OnboardingRefused,
  type OnboardedPortfolio,
} from '@sigmasight/core/onboarding'
import { ApiError, type ProblemRow } from '../../http/api-error.ts'
import { endpoint, type Endpoint } from '../../http/endpoint.ts'
import { multipart } from '../../http/multipart.ts'
import { queryFlag } from '../../http/schemas.ts'
import { dryRunSchema, onboardedSchema, uploadFields } from './schemas.ts'

const UPLOAD_SECONDS = 120

/** The same upload under two paths. */
export const createPortfolioEndpoints: readonly Endpoint[] = (
  ['/onboarding/create-portfolio', '/portfolios'] as const
).map((path) =>
  endpoint({
    method: 'POST',
    path,
    auth: 'user',
    summary: 'Create a portfolio from a CSV file of positions',
    description:
      'With BATCH_V2_ENABLED the snapshot and the analytics of what is known are there when this answers; symbols that nobody held before follow. `dry_run=true` checks everything and creates nothing.',
    query: z.strictObject({ dry_run: queryFlag.optional() }),
    body: multipart(uploadFields, {
      name: 'csv_file',
      maxBytes: MAX_BYTES,
      description: 'The positions; see GET /onboarding/csv-template.',
    }),
    timeoutSeconds: UPLOAD_SECONDS,
    responses: { 200: dryRunSchema, 201: onboardedSchema },
    problems: {
      400: 'PORT_002 to PORT_011; PORT_008 with the rows of the file that are wrong (CSV_, POS_).',
      409: 'PORT_001: the account name is taken.',
      503: 'NO_PRICE_DATA: nothing was created; the first symbol batch is not done.',
    },
    async handler({ body, query, user, services }) {
      const { fields, file } = body
      const upload = {
        userId: user.id,
        form: {
          portfolioName: fields.portfolio_name ?? '',
          accountName: fields.account_name ?? '',
          accountType: fields.account_type ?? '',
          equityBalance: fields.equity_balance ?? '',
          description: fields.description ?? '',
        },
        file: file?.content ?? null,
      }
      const isDryRun = query.dry_run === true
      const made = await onboardPortfolio(services.onboarding, upload, { isDryRun }).catch(
        (thrown: unknown) => {
          throw thrown instanceof OnboardingRefused ? problemOf(thrown) : thrown
        },
      )
      if (made.portfolioId === null) {
        return { status: 200, body: { ...answerOf(made), dry_run: true, portfolio_id: null } }
      }
      const run = made.batchRunId === null ? {} : { batch_run_id: made.batchRunId }
      const own = { portfolio_id: made.portfolioId, ...answerOf(made), ...run }
      const headers = { location: `/api/v1/portfolios/${made.portfolioId}` }
      return { status: 201, body: own, headers }
    },
  }),
)

type Answer = Omit<z.input<typeof onboardedSchema>, 'portfolio_id' | 'batch_run_id'>

function answerOf(made: OnboardedPortfolio): Answer {
  const { portfolio, positions, snapshot, pendingSymbols } = made
  const isCreated = made.portfolioId !== null
  return {
    portfolio_name: portfolio.name,
    account_name: portfolio.accountName,
    account_type: portfolio.accountType,
    equity_balance: Number(formatCents(portfolio.equity)),
    positions_imported: isCreated ? positions : 0,
    total_positions: positions,
    mode: made.mode,
    status: made.status,
    snapshot_date: made.snapshotDate,
    net_asset_value: snapshot === null ? null : Number(snapshot.netAssetValue),
    pending_symbols: [...pendingSymbols],
    ...wordsOf(made),
  }
}

function wordsOf(made: OnboardedPortfolio): { message: string; next_step: string } {
  const { portfolioId, positions, status, snapshotDate, pendingSymbols } = made
  const lots = positions === 1 ? '1 position' : `${positions} positions`
  const pending = `${pendingSymbols.length} ${pendingSymbols.length === 1 ? 'symbol is' : 'symbols are'}`
  if (portfolioId === null) {
    const unknown = pendingSymbols.length === 0 ? '' : `; ${pending} new and would follow`
    return {
      message: `The file is good: ${lots} would be imported${unknown}. Nothing was created.`,
      next_step: 'Send the same without dry_run.',
    }
  }
  const statusUrl = `/api/v1/onboarding/status/${portfolioId}`
  switch (status) {
    case 'ready':
      return {
        message: `${lots} imported and valued as of ${snapshotDate ?? ''}.`,
        next_step: `GET /api/v1/analytics/portfolio/${portfolioId}/overview`,
      }
    case 'processing':
      return { message: `${lots} imported; a run computes them.`, next_step: `GET ${statusUrl}` }
    case 'partial': {
      const valued =
        snapshotDate === null ? 'the snapshot is not made yet' : `valued as of ${snapshotDate}`
      const rest =
        pendingSymbols.length === 0 ? 'some symbols have no prices' : `${pending} on the way`
      return { message: `${lots} imported, ${valued}; ${rest}.`, next_step: `GET ${statusUrl}` }
    }
  }
}

function problemOf(refused: OnboardingRefused): ApiError {
  const status = STATUS[refused.code] ?? 400
  const form = refused.form.map(({ code, field, message }): ProblemRow => ({
    code,
    field,
    message,
  }))
  const rows = refused.rows.map(({ code, line, column, field, symbol, message }): ProblemRow => {
    const own = { code, line, field: field ?? `column ${column}`, message }
    return symbol === null ? own : { ...own, symbol }
  })
  return new ApiError(status, refused.code, refused.message, {
    ...(form.length + rows.length === 0 ? {} : { errors: [...form, ...rows] }),
    ...(status === 503 ? { headers: { 'retry-after': '600' } } : {}),
    cause: refused,
  })
}

const STATUS: Readonly<Record<string, number>> = { PORT_001: 409, NO_PRICE_DATA: 503 }
