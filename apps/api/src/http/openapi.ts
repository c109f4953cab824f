import { z } from 'zod'
import type { Auth, Endpoint, MediaSpec } from './endpoint.ts'
import { isMultipart } from './parse-input.ts'
import { specsOf } from './check-answer.ts'
import { hoistDefinitions } from './hoist-definitions.ts'
import { problemSchema } from './problem.ts'

type Json = Readonly<Record<string, unknown>>

export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>
  readonly components: Json
  readonly tags: readonly { readonly name: string }[]
}

const PROBLEM = { $ref: '#/components/schemas/Problem' }

/** The OpenAPI 3.1 document of a list of endpoints, from the very schemas they parse with. */
export function openApiOf(endpoints: readonly Endpoint[]): OpenApiDocument {
  const paths: Record<string, Record<string, Json>> = {}
  for (const endpoint of endpoints) {
    const path = endpoint.url.replaceAll(/:(\w+)/g, '{$1}')
    ;(paths[path] ??= {})[endpoint.method.toLowerCase()] = operationOf(endpoint)
  }
  const hoisted = hoistDefinitions(paths)
  const tags = [...new Set(endpoints.map(tagOf))].map((name) => ({ name }))
  return {
    openapi: '3.1.0',
    info: {
      title: 'SigmaSight',
      version: '1',
      description:
        'Portfolio analytics. Money is in dollars, dates are NYSE sessions, times are UTC.',
    },
    paths: hoisted.paths as OpenApiDocument['paths'],
    tags,
    components: {
      schemas: { Problem: jsonSchema(problemSchema, 'output'), ...hoisted.schemas },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}

/** The first word of its path. */
export function tagOf({ url }: Endpoint): string {
  return url.replace('/api/v1', '').split('/')[1] ?? ''
}

function operationOf(endpoint: Endpoint): Json {
  const { auth, summary, description, body } = endpoint
  const parameters = [...parametersOf(endpoint, 'path'), ...parametersOf(endpoint, 'query')]
  return {
    operationId: operationId(endpoint),
    tags: [tagOf(endpoint)],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === null ? {} : { requestBody: requestBodyOf(body) }),
    responses: { ...answersOf(endpoint), ...problemsOf(endpoint) },
    ...(auth === 'none' ? { security: [] } : { security: [{ bearer: [] }] }),
    'x-auth': auth satisfies Auth,
  }
}

function operationId({ method, url }: Endpoint): string {
  const words = url.replace('/api/v1', '').split(/[^\w]+/)
  return [method.toLowerCase(), ...words.filter((word) => word !== '')].join('_')
}

function parametersOf({ params, query }: Endpoint, place: 'path' | 'query'): readonly Json[] {
  const schema = place === 'path' ? params : query
  return Object.entries(schema?.shape ?? {}).map(([name, each]) => {
    const type = each as z.ZodType
    const isRequired = place === 'path' || !type.safeParse(undefined).success
    return { name, in: place, required: isRequired, schema: jsonSchema(type, 'input') }
  })
}

function requestBodyOf(body: NonNullable<Endpoint['body']>): Json {
  if (!isMultipart(body)) {
    const required = !body.safeParse(undefined).success
    return { required, content: { 'application/json': { schema: jsonSchema(body, 'input') } } }
  }
  const { properties, ...fields } = jsonSchema(body.fields, 'input')
  const { name, description } = body.file
  const file = { type: 'string', format: 'binary', contentMediaType: 'text/csv', description }
  const schema = { ...fields, properties: { ...(properties as Json | undefined), [name]: file } }
  return { required: true, content: { 'multipart/form-data': { schema } } }
}

function answersOf({ responses, summary }: Endpoint): Json {
  const entries = Object.entries(responses).map(([status, spec]) => {
    const content: Record<string, Json> = {}
    for (const single of specsOf(spec)) {
      if (single instanceof z.ZodType) {
        content['application/json'] = { schema: jsonSchema(single, 'output') }
      } else if (single.kind === 'media') {
        content[single.contentType] = { schema: mediaSchema(single) }
      }
    }
    const description = summary
    const isEmpty = Object.keys(content).length === 0
    return [status, isEmpty ? { description } : { description, content }] as const
  })
  return Object.fromEntries(entries)
}

function mediaSchema({ description }: MediaSpec): Json {
  return { type: 'string', description }
}

/** What an endpoint may answer besides: by what it takes and who may call it. */
function problemsOf({
  auth,
  method,
  url,
  params,
  query,
  body,
  problems,
  rateLimit,
}: Endpoint): Json {
  const takesInput = params !== null || query !== null || body !== null
  const possible: Record<string, string | null> = {
    400: takesInput ? 'Some of what was sent cannot be used: VALIDATION_FAILED lists what.' : null,
    401: auth === 'none' ? null : 'Not logged in: UNAUTHENTICATED, TOKEN_EXPIRED, TOKEN_INVALID.',
    403: auth === 'admin' ? 'Not an administrator: FORBIDDEN.' : null,
    404: url.includes(':') ? 'There is none, or it is not yours.' : null,
    413: body === null ? null : 'Too large: BODY_TOO_LARGE.',
    415: body === null ? null : 'Another content type: UNSUPPORTED_MEDIA_TYPE.',
    429: rateLimit === undefined ? null : 'Too many requests: RATE_LIMITED.',
    503: auth === 'user' && method !== 'GET' ? 'Closed for maintenance: MAINTENANCE.' : null,
    ...problems,
  }
  const own = Object.entries(possible).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  )
  const all = [...own, ['default', 'Another error.'] as const]
  return Object.fromEntries(
    all.map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: PROBLEM } } },
    ]),
  )
}

/** JSON Schema 2020-12, which OpenAPI 3.1 uses. A schema's `meta({ openapi })` replaces what would be made of it. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...made } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    reused: 'inline',
    unrepresentable: 'any',
    override: ({ jsonSchema: made }) => {
      const node = made as Record<string, unknown>
      const wanted = node['openapi']
      delete node['id']
      if (typeof wanted !== 'object' || wanted === null) return
      for (const key of Object.keys(node)) Reflect.deleteProperty(node, key)
      Object.assign(node, wanted)
    },
  })
  return made
}
