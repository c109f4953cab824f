import type { Question } from '../http/endpoint.ts'

const CURSOR = 'cursor'
const OFFSET = 'offset'

/** The query a call really makes: that which a cursor stands for, or its own. */
export function effectiveQuery(query: URLSearchParams): URLSearchParams {
  const cursor = query.get(CURSOR)
  return cursor === null
    ? query
    : new URLSearchParams(Buffer.from(cursor, 'base64url').toString('utf8'))
}

export interface PageRules {
  /** Of the endpoint, from its root. */
  readonly path: string
  readonly defaultLimit: number
  readonly maxLimit: number
}

export interface Page<T> {
  readonly items: readonly T[]
  /** `{ next_url }`, or nothing on the last page. The link has no API key. */
  readonly link: { readonly next_url?: string }
}

/** The page of a list that a query asks for, and the link to the next one. */
export function pageOf<T>(
  items: readonly T[],
  { query, base }: Pick<Question, 'query' | 'base'>,
  { path, defaultLimit, maxLimit }: PageRules,
): Page<T> {
  const asked = effectiveQuery(query)
  const limit = Math.min(Number(asked.get('limit') ?? defaultLimit) || defaultLimit, maxLimit)
  const offset = Number(asked.get(OFFSET) ?? 0)
  const end = offset + limit
  const page = items.slice(offset, end)
  if (end >= items.length) return { items: page, link: {} }
  const next = new URLSearchParams(asked)
  next.delete('apiKey')
  next.set(OFFSET, String(end))
  const cursor = Buffer.from(next.toString()).toString('base64url')
  return { items: page, link: { next_url: `${base}${path}?${CURSOR}=${cursor}` } }
}
