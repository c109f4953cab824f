import express, { type Request, type Response } from 'express'
import { z } from 'zod'
import { ApiError, type ProblemRow } from './api-error.ts'
import type { BodyParser, Endpoint } from './endpoint.ts'
import { readMultipart } from './multipart.ts'
import { runMiddleware } from './run-middleware.ts'

const DEFAULT_BODY_BYTES = 100_000
const MULTIPART = /^multipart\/form-data(?:;|$)/i
const JSON_TYPE = /^application\/json(?:;|$)/i

/** What a request says, parsed by the schemas of its endpoint. Throws ApiError. */
export async function parseBody(endpoint: Endpoint, request: Request, response: Response) {
  const { body, maxBodyBytes = DEFAULT_BODY_BYTES } = endpoint
  if (body === null) {
    await refuseBody(request, response, maxBodyBytes)
    return undefined
  }
  if (isMultipart(body)) {
    if (!MULTIPART.test(contentTypeOf(request))) throw wrongType('multipart/form-data')
    const { fields, file } = await readMultipart(request, body)
    return { fields: parse(body.fields, fields, 'body'), file }
  }
  const isAbsent = !hasBody(request) && body.safeParse(undefined).success
  if (isAbsent) return body.parse(undefined)
  if (!JSON_TYPE.test(contentTypeOf(request))) throw wrongType('application/json')
  await readJson(request, response, maxBodyBytes)
  return parse(body, request.body, 'body')
}

export function parseParams({ params }: Endpoint, request: Request): unknown {
  return params === null ? {} : parse(params, request.params, 'path')
}

export function parseQuery({ query }: Endpoint, request: Request): unknown {
  const mark = request.originalUrl.indexOf('?')
  const values: Record<string, string> = Object.create(null) as Record<string, string>
  const repeated: string[] = []
  if (mark >= 0) {
    for (const [name, value] of new URLSearchParams(request.originalUrl.slice(mark + 1))) {
      if (name in values) repeated.push(name)
      values[name] = value
    }
  }
  if (repeated.length > 0) {
    throw refused(repeated.map((name) => rowOf('query', [name], 'repeated', 'Comes twice.')))
  }
  if (query !== null) return parse(query, values, 'query')
  const unknown = Object.keys(values)
  if (unknown.length === 0) return {}
  throw refused(unknown.map((name) => rowOf('query', [name], 'unrecognized_keys', 'Unknown.')))
}

export function isMultipart(body: BodyParser): body is Extract<BodyParser, { kind: 'multipart' }> {
  return !(body instanceof z.ZodType)
}

/** An endpoint without a body takes none but an empty JSON object, which some clients always send. */
async function refuseBody(request: Request, response: Response, limit: number): Promise<void> {
  if (!hasBody(request)) return
  if (!JSON_TYPE.test(contentTypeOf(request))) throw wrongType('no body')
  await readJson(request, response, limit)
  const sent: unknown = request.body
  const isEmpty = typeof sent === 'object' && sent !== null && Object.keys(sent).length === 0
  if (!isEmpty) throw refused([rowOf('body', [], 'unrecognized_keys', 'Takes no body.')])
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function contentTypeOf({ headers }: Request): string {
  return headers['content-type'] ?? ''
}

function readJson(request: Request, response: Response, limit: number): Promise<void> {
  return runMiddleware(express.json({ limit, type: () => true }), { request, response })
}

type Place = 'path' | 'query' | 'body'

function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: Place,
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw refused(parsed.error.issues.flatMap((issue) => rowsOf(place, issue)))
}

function rowsOf(place: Place, issue: z.core.$ZodIssue): readonly ProblemRow[] {
  if (issue.code !== 'unrecognized_keys') {
    return [rowOf(place, issue.path, issue.code, issue.message)]
  }
  return issue.keys.map((key) =>
    rowOf(place, [...issue.path, key], issue.code, 'There is no such field.'),
  )
}

function rowOf(
  place: Place,
  path: readonly PropertyKey[],
  code: string,
  message: string,
): ProblemRow {
  return { field: [place, ...path.map(String)].join('.').slice(0, 200), code, message }
}

/** Most rows that one answer lists. */
const MOST_ROWS = 100

function refused(rows: readonly ProblemRow[]): ApiError {
  const detail = 'Some of what was sent cannot be used; errors lists what and why.'
  return new ApiError(400, 'VALIDATION_FAILED', detail, { errors: rows.slice(0, MOST_ROWS) })
}

function wrongType(wanted: string): ApiError {
  return new ApiError(415, 'UNSUPPORTED_MEDIA_TYPE', `This endpoint takes ${wanted}.`)
}
