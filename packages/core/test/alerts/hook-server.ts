import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WebhookMessage } from '../../src/alerts/webhook-message.ts'

/** A time limit of calls that are answered, on a machine however busy. */
export const AMPLE_MS = 30_000
/** One of calls that stall: they have to arrive within it, which they do in a few milliseconds. */
export const SHORT_MS = 500

/** A status, a status with a wish to wait, or a way of not answering. */
export type HookReply =
  number | { readonly status: number; readonly retryAfter: string } | 'stall' | 'reset'

export interface Call {
  readonly method: string
  readonly path: string
  readonly body: string
}

/** An HTTP server that takes webhooks and pings; it answers by its script, then 204. */
export interface HookServer extends AsyncDisposable {
  readonly url: string
  readonly calls: Call[]
  readonly replies: HookReply[]
  /** The messages that came, by the first line of their content. */
  titles(): string[]
  messages(): WebhookMessage[]
}

export async function startHookServer(): Promise<HookServer> {
  const calls: Call[] = []
  const replies: HookReply[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      calls.push({ method: request.method ?? '', path: request.url ?? '', body })
      const reply = replies.shift() ?? 204
      if (reply === 'stall') return
      if (reply === 'reset') response.destroy()
      else if (typeof reply === 'number') response.writeHead(reply).end()
      else response.writeHead(reply.status, { 'retry-after': reply.retryAfter }).end('slow down')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const messages = () => calls.map(({ body }) => JSON.parse(body) as WebhookMessage)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/s3cret`,
    calls,
    replies,
    messages,
    titles: () => messages().map(({ content }) => content.split('\n')[0] ?? ''),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
