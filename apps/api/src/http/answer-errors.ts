import type { ErrorRequestHandler, RequestHandler } from 'express'
import { ApiError } from './api-error.ts'
import { problemOf, toApiError } from './problem.ts'
import { localsOf } from './serve-endpoint.ts'

/** What no route took. */
export const answerNotFound: RequestHandler = (_request, _response, next) => {
  next(new ApiError(404, 'NOT_FOUND', 'There is nothing at this address.'))
}

/** Turns whatever was thrown into a problem; what is our fault is logged with its stack, which nobody outside sees. */
export const answerErrors: ErrorRequestHandler = (thrown: unknown, request, response, next) => {
  const { log, requestId } = localsOf(response)
  const error = toApiError(thrown)
  if (error.status >= 500) log.error({ err: thrown, code: error.code }, 'request_failed')
  if (response.headersSent) {
    // Half an answer is out already: breaking off is the only way to say that it is not whole.
    response.destroy()
    next()
    return
  }
  const headers = error.details.headers ?? {}
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  // What is left of a body that nobody will read would be taken for the next request.
  if (!request.readableEnded && error.status === 413) response.setHeader('connection', 'close')
  response.removeHeader('content-disposition')
  response.status(error.status)
  response.setHeader('content-type', 'application/problem+json; charset=utf-8')
  response.end(JSON.stringify(problemOf(error, requestId)))
}
