import type { IncomingMessage, ServerResponse } from 'node:http'
import { DOCUMENT, type BuiltFile, type BuiltFiles } from './built-files.ts'

/** Answers what is a page or one of its files, and calls `next` for everything else. */
export type PageHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void

/** Every address that is a page. They are one document: the script in it looks at the address. */
const PAGES = /^\/(?:ops|portfolio\/[\w-]+(?:\/progress)?)?\/?$/
const ASSETS = '/assets/'

/** Names of assets change with their content. */
const FOREVER = 'public, max-age=31536000, immutable'
/** Asked for each time, and answered 304 when it is the same. */
const EACH_TIME = 'no-cache'

/** Serves a build from memory, compressed as it was when it was built. */
export function createPageHandler(files: BuiltFiles): PageHandler {
  return (request, response, next) => {
    const [path = '/'] = (request.url ?? '/').split('?')
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const file = files.get(PAGES.test(path) ? DOCUMENT : path)
    if (isRead && file !== undefined && path !== DOCUMENT) send(file, request, response)
    else next()
  }
}

function send(file: BuiltFile, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('cache-control', file.path.startsWith(ASSETS) ? FOREVER : EACH_TIME)
  response.setHeader('etag', file.etag)
  response.setHeader('vary', 'Accept-Encoding')
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304).end()
    return
  }
  const accepted = request.headers['accept-encoding'] ?? ''
  const { encoding, bytes } = bodyFor(file, accepted)
  response.setHeader('content-type', file.contentType)
  response.setHeader('content-length', bytes.length)
  if (encoding !== null) response.setHeader('content-encoding', encoding)
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : bytes)
}

function bodyFor({ brotli, gzip, plain }: BuiltFile, accepted: string) {
  const takes = (encoding: string) =>
    accepted.split(',').some((each) => {
      const [name = '', ...parameters] = each.split(';').map((part) => part.trim())
      return name === encoding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
    })
  if (takes('br')) return { encoding: 'br', bytes: brotli }
  if (takes('gzip')) return { encoding: 'gzip', bytes: gzip }
  return { encoding: null, bytes: plain }
}
