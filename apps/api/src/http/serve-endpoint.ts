import type { Request, Response } from 'express'
import { z } from 'zod'
import { selectOwnedPortfolio, type OwnedPortfolio } from '@sigmasight/core/portfolios'
import type { User } from '@sigmasight/core/auth'
import { ApiError, portfolioNotFound } from './api-error.ts'
import type { Authenticator } from './authenticate.ts'
import { checkAnswer } from './check-answer.ts'
import type { AnyAnswer, Context, Endpoint } from './endpoint.ts'
import { parseBody, parseParams, parseQuery } from './parse-input.ts'
import type { RateLimiter } from './rate-limits.ts'
import { sendAnswer } from './send-answer.ts'

/** What all endpoints share. */
export interface Shared extends Pick<Context, 'database' | 'services' | 'config' | 'clock'> {
  readonly authenticator: Authenticator
  readonly limiter: RateLimiter
  /** Answers that do not fit their schema are an error of ours: for tests. */
  readonly checkAnswers: boolean
}

const DEFAULT_TIMEOUT_SECONDS = 30
/** With every answer meanwhile, analytics say it in their bodies as well. */
const MAINTENANCE_NOTE = 'Figures are of the last complete snapshots.'

/**
 * Serves one request: counts it, finds out who calls and whether he may, parses everything, makes sure that the
 * portfolio in the path is his, calls the handler, sends what it answers. Throws whatever goes wrong.
 */
export async function serveEndpoint(
  shared: Shared,
  endpoint: Endpoint,
  { request, response }: { readonly request: Request; readonly response: Response },
): Promise<void> {
  const { authenticator, limiter, database } = shared
  await limiter.admit(endpoint, request, response)
  const user = await authenticator.identify(endpoint.auth, request.headers.authorization)
  response.locals['userId'] = user?.id
  refuseInMaintenance(shared, endpoint)
  if (shared.config.maintenanceMode) response.setHeader('x-maintenance', MAINTENANCE_NOTE)
  const params = parseParams(endpoint, request)
  const ownPortfolio = (id: string) => requireOwn(shared, user, id)
  const portfolio = await portfolioInPath(params, ownPortfolio)
  const query = parseQuery(endpoint, request)
  const body = await parseBody(endpoint, request, response)
  await limiter.admitBody(endpoint, request, response)
  const { services, config, clock } = shared
  const { log, requestId } = localsOf(response)
  const answer = await withinTime(endpoint, response, (signal) =>
    endpoint.handle({
      ...{ database, services, config, clock, log, requestId, signal, ownPortfolio },
      ...{ user, params, query, body, portfolio },
    } as Parameters<Endpoint['handle']>[0]),
  )
  if (shared.checkAnswers) checkAnswer(endpoint, answer)
  await sendAnswer(response, answer)
}

/** What the middleware before has found out. */
export function localsOf({ locals }: Response): Pick<Context, 'log' | 'requestId'> {
  return locals as Pick<Context, 'log' | 'requestId'>
}

/** While facts are being moved, users change none; administrators and log-in go on. */
function refuseInMaintenance({ config }: Shared, { auth, method }: Endpoint): void {
  if (!config.maintenanceMode || auth !== 'user' || method === 'GET') return
  const detail = 'Edits and uploads are closed for maintenance; everything can be read.'
  throw new ApiError(503, 'MAINTENANCE', detail, { headers: { 'retry-after': '600' } })
}

async function requireOwn(
  { database }: Shared,
  user: User | null,
  portfolioId: string,
): Promise<OwnedPortfolio> {
  const isId = z.uuid().safeParse(portfolioId).success
  const owned =
    user === null || !isId ? null : await selectOwnedPortfolio(database.db, user.id, portfolioId)
  if (owned === null) throw portfolioNotFound()
  return owned
}

async function portfolioInPath(
  params: unknown,
  ownPortfolio: Context['ownPortfolio'],
): Promise<OwnedPortfolio | null> {
  const { portfolioId } = params as { readonly portfolioId?: string }
  return portfolioId === undefined ? null : ownPortfolio(portfolioId)
}

/** Runs the handler with a signal that aborts when its time is over, which answers 503, or the caller is gone. */
async function withinTime(
  { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: Endpoint,
  response: Response,
  handle: (signal: AbortSignal) => Promise<AnyAnswer>,
): Promise<AnyAnswer> {
  const gone = new AbortController()
  const leave = () => {
    if (!response.writableFinished) gone.abort(new Error('the caller is gone'))
  }
  response.once('close', leave)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_done, fail) => {
    timer = setTimeout(() => {
      gone.abort(new Error('the time of the request is over'))
      const headers = { 'retry-after': '30' }
      fail(new ApiError(503, 'TIMEOUT', 'This took too long and was given up.', { headers }))
    }, timeoutSeconds * 1000)
  })
  try {
    return await Promise.race([handle(gone.signal), late])
  } finally {
    clearTimeout(timer)
  }
}
