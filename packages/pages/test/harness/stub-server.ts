import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openPages } from '../../src/index.ts'

/** What the stub answers. */
export interface StubAnswer {
  readonly status?: number
  readonly body: unknown
  /** It takes so long; `Infinity` never comes. */
  readonly afterMs?: number
}

export type StubRoutes = Readonly<Record<string, StubAnswer | ((body: string) => StubAnswer)>>

/** The policy of the real server, which is the default one of helmet. */
const POLICY =
  "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';" +
  "img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline'"

/** The pages over an API that answers what a test says. Routes are `GET /portfolios`, below /api/v1, queries left out. */
export class StubServer implements AsyncDisposable {
  readonly url: string
  /** `POST /portfolios {…}`, in the order in which they came. */
  readonly calls: string[]
  readonly #server: Server
  #routes: StubRoutes

  private constructor(parts: { server: Server; routes: StubRoutes; calls: string[] }) {
    this.#server = parts.server
    this.#routes = parts.routes
    this.calls = parts.calls
    this.url = `http://127.0.0.1:${(parts.server.address() as AddressInfo).port}`
  }

  static async start(routes: StubRoutes): Promise<StubServer> {
    const pages = await openPages()
    const calls: string[] = []
    // Known only once the server listens.
    const own: { stub?: StubServer } = {}
    const server = createServer((request, response) => {
      response.setHeader('content-security-policy', POLICY)
      pages(request, response, () => {
        void own.stub?.answer(request, response)
      })
    })
    await new Promise<void>((listening) => {
      server.listen(0, '127.0.0.1', listening)
    })
    own.stub = new StubServer({ server, routes, calls })
    return own.stub
  }

  /** Answers otherwise from now on. */
  change(routes: StubRoutes): void {
    this.#routes = { ...this.#routes, ...routes }
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const sent = Buffer.concat(chunks).toString()
    const path = (request.url ?? '').replace(/^\/api\/v1/, '').replace(/\?.*/, '')
    const route = `${request.method ?? ''} ${path}`
    this.calls.push(`${route} ${sent}`.trim())
    const known = this.#routes[route]
    const {
      status = 200,
      body,
      afterMs = 0,
    } = typeof known === 'function' ? known(sent) : (known ?? NOT_FOUND)
    if (afterMs === Infinity) return
    await new Promise((later) => setTimeout(later, afterMs))
    const type = status >= 400 ? 'application/problem+json' : 'application/json'
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((closed) => this.#server.close(closed))
  }
}

/** A problem as the API words it. */
export function problem(status: number, code: string, rest: object = {}): StubAnswer {
  const detail = 'What went wrong, in words.'
  return {
    status,
    body: { status, code, detail, title: '', type: '', request_id: 'req-1', ...rest },
  }
}

const NOT_FOUND = problem(404, 'NOT_FOUND')
