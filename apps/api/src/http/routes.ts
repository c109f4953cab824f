import { Router, type NextFunction, type Request, type Response } from 'express'
import { ApiError } from './api-error.ts'
import type { Endpoint } from './endpoint.ts'
import { serveEndpoint, type Shared } from './serve-endpoint.ts'

/** Every endpoint under its URL; another method there answers 405. */
export function routesOf(endpoints: readonly Endpoint[], shared: Shared): Router {
  const router = Router({ caseSensitive: true, strict: false })
  for (const [url, own] of byUrl(endpoints)) {
    const route = router.route(url)
    for (const endpoint of own) {
      const serve = (request: Request, response: Response) =>
        serveEndpoint(shared, endpoint, { request, response })
      route[METHODS[endpoint.method]](serve)
    }
    const allow = allowedOf(own)
    route.all((request: Request, response: Response, next: NextFunction) => {
      if (request.method === 'OPTIONS') {
        response.status(204).setHeader('allow', allow).end()
        return
      }
      const detail = `Here are ${allow}.`
      next(new ApiError(405, 'METHOD_NOT_ALLOWED', detail, { headers: { allow } }))
    })
  }
  return router
}

const METHODS = {
  GET: 'get',
  POST: 'post',
  PUT: 'put',
  PATCH: 'patch',
  DELETE: 'delete',
} as const

/** URLs with words before those with parameters in the same place, so that `/run/current` is no id. */
function byUrl(endpoints: readonly Endpoint[]): readonly (readonly [string, Endpoint[]])[] {
  const grouped = [...Map.groupBy(endpoints, ({ url }) => url)]
  const rank = (url: string) => url.replaceAll(/:\w+/g, '~')
  return grouped.sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
}

function allowedOf(endpoints: readonly Endpoint[]): string {
  const methods = endpoints.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  return [...methods, 'OPTIONS'].join(', ')
}
