import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import type { Logger } from '@sigmasight/core/logging'

const GIVEN_ID = /^[\w.:-]{1,64}$/
/** Asked every few seconds by the platform: not worth a line each. */
const QUIET = /^\/(?:health|metrics)(?:\/|$)/

/**
 * Gives every request an id (the caller's `X-Request-Id`, else a new one), which the answer and each log line
 * carry, and writes one line when the answer is out: without query and body, which may hold secrets.
 */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const given = request.get('x-request-id')
    const requestId = given !== undefined && GIVEN_ID.test(given) ? given : randomUUID()
    const own = log.child({ request_id: requestId })
    Object.assign(response.locals, { requestId, log: own })
    response.setHeader('x-request-id', requestId)
    const started = performance.now()
    const { method, path } = request
    response.once('close', () => {
      const line = {
        method,
        path: path.slice(0, 200),
        status: response.statusCode,
        duration_ms: Math.round((performance.now() - started) * 10) / 10,
        ...(response.writableFinished ? {} : { broken_off: true }),
        ...userOf(response),
      }
      own[QUIET.test(path) ? 'debug' : 'info'](line, 'request')
    })
    next()
  }
}

function userOf({ locals }: Response): { readonly user_id?: string } {
  const { userId } = locals as { userId?: string }
  return userId === undefined ? {} : { user_id: userId }
}
