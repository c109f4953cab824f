import { z } from 'zod'
import { endpoint, media, type Endpoint } from '../../http/endpoint.ts'
import { openApiOf } from '../../http/openapi.ts'
import { docsPage } from './docs-page.ts'

/** The documents about a list of endpoints, which lists them as well. Both are made once, when first asked for. */
export function documentEndpoints(list: () => readonly Endpoint[]): readonly Endpoint[] {
  let document: string | null = null
  let page: string | null = null
  const openApi = endpoint({
    method: 'GET',
    path: '/openapi.json',
    isRoot: true,
    auth: 'none',
    summary: 'The OpenAPI 3.1 document',
    responses: { 200: z.looseObject({ openapi: z.string() }) },
    handler: () => {
      document ??= JSON.stringify(openApiOf(list()))
      return { status: 200, json: document }
    },
  })
  const docs = endpoint({
    method: 'GET',
    path: '/docs',
    isRoot: true,
    auth: 'none',
    summary: 'The same to read',
    responses: { 200: media('text/html', 'A page.') },
    handler: () => {
      page ??= docsPage(openApiOf(list()))
      return { status: 200, contentType: 'text/html; charset=utf-8', content: page }
    },
  })
  return [openApi, docs]
}
