import { request } from 'node:http'

export interface RawCall {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** Sent with any method, GET too. */
  readonly body: string | Buffer | null
}

export interface RawReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
}

/** A request as it stands, without the rules by which fetch makes some impossible. */
export function rawCall(url: string, { method, headers, body }: RawCall): Promise<RawReply> {
  return new Promise((done, fail) => {
    const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const call = request(url, { method, headers: { ...length, ...headers }, agent: false })
    let isAnswered = false
    call.once('response', (response) => {
      isAnswered = true
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.once('end', () => {
        done({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
    })
    // A server may answer, and close, before all of a large body is sent.
    call.on('error', (error) => {
      if (!isAnswered) fail(error)
    })
    call.end(body ?? undefined)
  })
}
