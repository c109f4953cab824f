import type { Request, RequestHandler, Response } from 'express'

/** Runs middleware of the framework in the middle of our own work. Throws what it passes on. */
export function runMiddleware(
  handler: RequestHandler,
  { request, response }: { readonly request: Request; readonly response: Response },
): Promise<void> {
  return new Promise((done, fail) => {
    const ended: unknown = handler(request, response, (error?: unknown) => {
      if (error === undefined) done()
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as it was thrown
      else fail(error)
    })
    Promise.resolve(ended).catch(fail)
  })
}
