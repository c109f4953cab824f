import { z } from 'zod'
import type { AnyAnswer, Endpoint, ResponseSpec } from './endpoint.ts'

/** Makes sure that an answer is one of those its endpoint declares. Throws when it is not. */
export function checkAnswer({ url, responses }: Endpoint, answer: AnyAnswer): void {
  const declared = responses[answer.status]
  if (declared === undefined) {
    throw new Error(`${url} answers ${answer.status}, which it does not declare`)
  }
  const complaints = specsOf(declared).map((spec) => complaintOf(spec, answer))
  if (complaints.includes(null)) return
  throw new Error(
    `${url} answers ${answer.status} otherwise than declared: ${complaints.join('; ')}`,
  )
}

export type SingleSpec = Exclude<ResponseSpec, readonly unknown[]>

/** A response's specification as the list it may be. */
export function specsOf(spec: ResponseSpec): readonly SingleSpec[] {
  return Array.isArray(spec) ? (spec as readonly SingleSpec[]) : [spec as SingleSpec]
}

function complaintOf(spec: SingleSpec, answer: AnyAnswer): string | null {
  if (!(spec instanceof z.ZodType)) {
    if (spec.kind === 'no_content') return 'content' in answer || 'body' in answer ? 'a body' : null
    return 'content' in answer && answer.contentType.startsWith(spec.contentType)
      ? null
      : `no ${spec.contentType}`
  }
  if ('content' in answer) return 'no JSON'
  // As the caller gets it: what JSON drops is no part of it.
  const text =
    'json' in answer ? answer.json : JSON.stringify('body' in answer ? answer.body : null)
  const parsed = spec.safeParse(JSON.parse(text))
  return parsed.success ? null : z.prettifyError(parsed.error)
}
