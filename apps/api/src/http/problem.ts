import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import { isTransient } from '@sigmasight/core/database'
import { ApiError } from './api-error.ts'

/** The body of every error answer (RFC 9457). */
export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable: decide by it.' }),
    detail: z.string(),
    request_id: z.string(),
    errors: z
      .array(
        z.object({
          field: z.string().optional(),
          line: z.int().optional(),
          symbol: z.string().optional(),
          code: z.string(),
          message: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ description: 'An error (RFC 9457).' })

export type Problem = z.infer<typeof problemSchema>

/** What the parsers of bodies throw, by their `type`. */
const PARSER_ERRORS: Readonly<Record<string, readonly [number, string, string]>> = {
  'entity.too.large': [413, 'BODY_TOO_LARGE', 'The body is larger than this endpoint takes.'],
  'entity.parse.failed': [400, 'MALFORMED_JSON', 'The body is not JSON.'],
  'encoding.unsupported': [415, 'UNSUPPORTED_ENCODING', 'The encoding of the body is not known.'],
  'charset.unsupported': [415, 'UNSUPPORTED_ENCODING', 'The body must be UTF-8.'],
}

/** SQLSTATEs by which the database refuses text that JSON can say and it cannot: NUL, halves of characters. */
const UNSTORABLE: ReadonlySet<string> = new Set(['22021', '22P05'])

/** Whatever was thrown, as what the caller may know of it. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  const { type, status, code } = shapeOf(thrown)
  const known = PARSER_ERRORS[type]
  if (known !== undefined) return new ApiError(...known)
  if (UNSTORABLE.has(code)) {
    const detail = 'Some text has characters that cannot be stored.'
    return new ApiError(400, 'UNSTORABLE_TEXT', detail, { cause: thrown })
  }
  if (status >= 400 && status < 500) {
    return new ApiError(400, 'BAD_REQUEST', 'The request cannot be read.', { cause: thrown })
  }
  if (isTransient(thrown)) {
    return new ApiError(503, 'DATABASE_UNAVAILABLE', 'Try again in a moment.', {
      headers: { 'retry-after': '5' },
      cause: thrown,
    })
  }
  return new ApiError(500, 'INTERNAL', 'Something went wrong here; the request id leads to it.', {
    cause: thrown,
  })
}

export function problemOf(
  { status, code, message, details }: ApiError,
  requestId: string,
): Problem {
  return {
    type: `urn:sigmasight:problem:${code.toLowerCase()}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail: message,
    request_id: requestId,
    ...(details.errors === undefined ? {} : { errors: details.errors.map((row) => ({ ...row })) }),
    ...details.members,
  }
}

/** Errors of the framework carry a type and a status; looked at by shape, as they have no class. */
function shapeOf(thrown: unknown): {
  readonly type: string
  readonly status: number
  readonly code: string
} {
  if (typeof thrown !== 'object' || thrown === null) return { type: '', status: 0, code: '' }
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''
  const type = 'type' in thrown && typeof thrown.type === 'string' ? thrown.type : ''
  const status = 'status' in thrown && typeof thrown.status === 'number' ? thrown.status : 0
  return { type, status, code }
}
