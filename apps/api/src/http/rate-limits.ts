import type { Request, RequestHandler, Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { ApiError } from './api-error.ts'
import type { Endpoint } from './endpoint.ts'
import { runMiddleware } from './run-middleware.ts'

/** Requests within a minute, by one process. */
export interface RateLimits {
  /** Per address. */
  readonly reads: number
  /** Per address: everything that is no GET. */
  readonly writes: number
  /** Per address and per e-mail: guesses of passwords. */
  readonly credentials: number
}

export const DEFAULT_RATE_LIMITS: RateLimits = { reads: 60_000, writes: 6_000, credentials: 10 }

const WINDOW_MS = 60_000

/** Limits how often an address may call, and how often the password of an e-mail may be guessed. */
export class RateLimiter {
  readonly #reads: RequestHandler
  readonly #writes: RequestHandler
  readonly #byAddress: RequestHandler
  readonly #byEmail: RequestHandler

  constructor({ reads, writes, credentials }: RateLimits) {
    this.#reads = limiter(reads, addressOf)
    this.#writes = limiter(writes, addressOf)
    this.#byAddress = limiter(credentials, addressOf)
    this.#byEmail = limiter(credentials, emailOf)
  }

  /** Counts a request before anything of it is read. Throws ApiError 429. */
  async admit(
    { method, rateLimit }: Endpoint,
    request: Request,
    response: Response,
  ): Promise<void> {
    await runMiddleware(method === 'GET' ? this.#reads : this.#writes, { request, response })
    if (rateLimit === 'credentials') await runMiddleware(this.#byAddress, { request, response })
  }

  /** Counts a request once its body is known. Throws ApiError 429. */
  async admitBody({ rateLimit }: Endpoint, request: Request, response: Response): Promise<void> {
    if (rateLimit === 'credentials') await runMiddleware(this.#byEmail, { request, response })
  }
}

function limiter(limit: number, keyOf: (request: Request) => string): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit,
    keyGenerator: keyOf,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Its checks of the set-up write to the console.
    validate: false,
    handler: (_request, response, next) => {
      const headers = { 'retry-after': String(response.getHeader('retry-after') ?? 60) }
      const detail = 'Too many requests: wait a minute.'
      next(new ApiError(429, 'RATE_LIMITED', detail, { headers }))
    },
  })
}

function addressOf({ ip }: Request): string {
  return ip === undefined ? 'unknown' : ipKeyGenerator(ip)
}

function emailOf(request: Request): string {
  const body: unknown = request.body
  const email = typeof body === 'object' && body !== null && 'email' in body ? body.email : ''
  return `email ${String(email).trim().toLowerCase()}`
}
