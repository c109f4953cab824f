import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import cors from 'cors'
import express, { type Express } from 'express'
import helmet from 'helmet'
import type { Clock } from '@sigmasight/core/clock'
import type { Config } from '@sigmasight/core/config'
import { assertSchemaCurrent, connect, type Database } from '@sigmasight/core/database'
import type { Logger } from '@sigmasight/core/logging'
import type { PageHandler } from '@sigmasight/pages'
import { ENDPOINTS } from './features/index.ts'
import { answerErrors, answerNotFound } from './http/answer-errors.ts'
import { Authenticator } from './http/authenticate.ts'
import { DEFAULT_RATE_LIMITS, RateLimiter, type RateLimits } from './http/rate-limits.ts'
import { requestLog } from './http/request-log.ts'
import { routesOf } from './http/routes.ts'
import type { Shared } from './http/serve-endpoint.ts'
import { createServices } from './services.ts'
import { signingSecret } from './signing-secret.ts'

export interface AppOptions {
  readonly config: Config
  /** What the config was read from; the programs that the API starts get it. */
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  readonly log: Logger
  /** Answers what is no endpoint but a page. */
  readonly pages?: PageHandler
  readonly rateLimits?: RateLimits
  /** Answers that do not fit their schema become errors: for tests. */
  readonly checkAnswers?: boolean
  /** How long requests under way may go on after `stop`; 60 s by default. */
  readonly drainMs?: number
}

export interface Address {
  readonly url: string
  readonly port: number
}

/** Time for the headers, and for a whole request, to arrive. */
const HEADERS_MS = 15_000
const REQUEST_MS = 60_000
const DRAIN_MS = 60_000
/** Above the platform's proxy, which must be the one to close an idle connection. */
const KEEP_ALIVE_MS = 65_000

/** The API: one HTTP server over one pool of connections. Starts once, stops once. */
export class App {
  readonly #options: AppOptions
  readonly #owned = new AsyncDisposableStack()
  readonly #stopping = new AbortController()
  #server: Server | null = null

  constructor(options: AppOptions) {
    this.#options = options
  }

  /**
   * Opens the database and listens.
   *
   * @throws ConfigError, DatabaseUnavailable, SchemaMismatch; then nothing is left open
   */
  async start(): Promise<Address> {
    try {
      return await this.#start()
    } catch (thrown) {
      await this.stop()
      throw thrown
    }
  }

  /** Takes no new request, finishes those under way, then closes the services, and the database last. */
  async stop(): Promise<void> {
    if (this.#server !== null) await drain(this.#server, this.#options.drainMs ?? DRAIN_MS)
    this.#server = null
    this.#stopping.abort(new Error('the server stops'))
    await this.#owned.disposeAsync()
  }

  async #start(): Promise<Address> {
    const { config, clock, env } = this.#options
    const log = this.#options.log.child({ module: 'api' })
    const secret = signingSecret(config, log)
    const database = this.#owned.use(await connect(config, { applicationName: 'api' }))
    await assertSchemaCurrent(database.db)
    const owned = this.#owned
    const parts = {
      config,
      env,
      secret,
      database,
      clock,
      log,
      owned,
      signal: this.#stopping.signal,
    }
    const services = await createServices(parts)
    const shared = this.#shared({ config, database, clock, services })
    const { pages } = this.#options
    const server = createServer(createExpress({ config, log, pages }, shared))
    Object.assign(server, {
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    })
    this.#server = server
    await listen(server, config.port)
    const { port } = server.address() as AddressInfo
    log.info({ port }, 'listening')
    return { port, url: `http://127.0.0.1:${port}` }
  }

  #shared(parts: {
    readonly config: Config
    readonly database: Database
    readonly clock: Clock
    readonly services: Shared['services']
  }): Shared {
    const { rateLimits = DEFAULT_RATE_LIMITS, checkAnswers = false } = this.#options
    const { database, services } = parts
    const now = () => performance.now()
    return {
      ...parts,
      authenticator: new Authenticator({ database, tokens: services.tokens, now }),
      limiter: new RateLimiter(rateLimits),
      checkAnswers,
    }
  }
}

function createExpress(
  {
    config,
    log,
    pages,
  }: Pick<AppOptions, 'config' | 'log'> & { readonly pages: PageHandler | undefined },
  shared: Shared,
): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  // The platform's proxy names the caller; anywhere else the header is the caller's own word.
  app.set('trust proxy', config.environment === 'production' ? 1 : false)
  app.use(requestLog(log))
  app.use(secured(config))
  if (config.corsOrigins !== null) {
    const exposedHeaders = ['X-Request-Id', 'Retry-After', 'Content-Disposition']
    app.use(cors({ origin: [...config.corsOrigins], exposedHeaders, maxAge: 600 }))
  }
  app.use(routesOf(ENDPOINTS, shared))
  if (pages !== undefined) app.use(pages)
  app.use(answerNotFound)
  app.use(answerErrors)
  return app
}

/** The headers that browsers go by. Only where there is HTTPS are they told to insist on it. */
function secured({ environment }: Config) {
  const isSecure = environment === 'production'
  return helmet({
    strictTransportSecurity: isSecure,
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: isSecure ? [] : null } },
  })
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(port, () => {
      server.off('error', fail)
      done()
    })
  })
}

/** Requests under way get their time; what is idle is closed at once, what is late at the end. */
async function drain(server: Server, limitMs: number): Promise<void> {
  if (!server.listening) return
  const closed = new Promise<void>((done) => {
    server.close(() => {
      done()
    })
  })
  server.closeIdleConnections()
  const idle = setInterval(() => {
    server.closeIdleConnections()
  }, 50)
  const late = setTimeout(() => {
    server.closeAllConnections()
  }, limitMs)
  await closed
  clearInterval(idle)
  clearTimeout(late)
}
