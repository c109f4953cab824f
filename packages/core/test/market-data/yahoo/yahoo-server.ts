import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server answers: JSON with 200, a whole answer, or a way of not answering. */
export type Reply =
  | { readonly json: unknown }
  | {
      readonly status: number
      readonly body: string
      readonly headers?: Readonly<Record<string, string | string[]>>
    }
  | 'reset'
  | 'stall in the body'

export interface Asked {
  readonly path: string
  readonly query: URLSearchParams
  readonly cookie: string | undefined
}

export type Answer = (asked: Asked) => Reply

export interface YahooServer extends AsyncDisposable {
  readonly url: string
  /** Every call in the order they came. */
  readonly asked: readonly Asked[]
  /** The paths of the calls, without those for cookies and crumb. */
  readonly dataPaths: () => string[]
  answer: Answer
}

const COOKIE_PAGE = '/quote/AAPL'
const CRUMB_PATH = '/v1/test/getcrumb'

/** An HTTP server that hands out cookies and crumbs as Yahoo does and answers the rest as told. */
export async function startYahooServer(answer: Answer): Promise<YahooServer> {
  const asked: Asked[] = []
  let sessions = 0
  const sessionReply = (path: string): Reply | null => {
    if (path === COOKIE_PAGE) {
      const cookie = `A3=session-${++sessions}; Domain=.yahoo.com; Path=/; Secure`
      return { status: 200, body: '<html>', headers: { 'set-cookie': [cookie] } }
    }
    return path === CRUMB_PATH ? { status: 200, body: `crumb-${sessions}` } : null
  }
  // A query for all lines of a statement is longer than what a server takes by itself.
  const server = createServer({ maxHeaderSize: 65_536 }, (request, response) => {
    const call = read(request)
    asked.push(call)
    send(response, sessionReply(call.path) ?? yahoo.answer(call))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const yahoo: YahooServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    dataPaths: () =>
      asked.map(({ path }) => path).filter((path) => path !== COOKIE_PAGE && path !== CRUMB_PATH),
    answer,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return yahoo
}

function read({ url = '/', headers }: IncomingMessage): Asked {
  const { pathname, searchParams } = new URL(url, 'http://yahoo.test')
  return { path: decodeURIComponent(pathname), query: searchParams, cookie: headers.cookie }
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply === 'reset') {
    response.destroy()
  } else if (reply === 'stall in the body') {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"chart":')
  } else if ('json' in reply) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply.json))
  } else {
    response.writeHead(reply.status, reply.headers).end(reply.body)
  }
}
