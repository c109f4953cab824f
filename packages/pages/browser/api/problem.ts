/** One thing that is wrong with what was sent. */
export interface ProblemRow {
  /** A field's path (`body.email`), a column of a file. */
  readonly field?: string
  /** Line of an uploaded file, as an editor counts them. */
  readonly line?: number
  readonly symbol?: string
  readonly code: string
  readonly message: string
}

/** An error answer of the API (RFC 9457), or that there was none. */
export class Problem extends Error {
  /** 0 when nothing answered. */
  readonly status: number
  readonly code: string
  /** Leads to the request in the server's log; null when nothing answered. */
  readonly requestId: string | null
  readonly rows: readonly ProblemRow[]
  /** Further members of the answer. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(parts: {
    readonly status: number
    readonly code: string
    readonly detail: string
    readonly requestId?: string | null
    readonly rows?: readonly ProblemRow[]
    readonly members?: Readonly<Record<string, unknown>>
  }) {
    super(parts.detail)
    this.status = parts.status
    this.code = parts.code
    this.requestId = parts.requestId ?? null
    this.rows = parts.rows ?? []
    this.members = parts.members ?? {}
  }
}

/** Whatever was thrown while asking the API. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  const isLate = thrown instanceof DOMException && thrown.name === 'TimeoutError'
  return new Problem({
    status: 0,
    code: isLate ? 'NO_ANSWER' : 'UNREACHABLE',
    detail: isLate
      ? 'The server did not answer in time.'
      : 'The server cannot be reached. Is the connection up?',
  })
}

/** The problem that an answer is; one that is no problem+json comes from something in between. */
export async function readProblem(response: Response): Promise<Problem> {
  const { status } = response
  const isProblem = response.headers.get('content-type')?.includes('json') === true
  const body = isProblem ? ((await response.json()) as Readonly<Record<string, unknown>>) : {}
  const { code, detail, request_id: requestId, errors, ...members } = body
  return new Problem({
    status,
    code: typeof code === 'string' ? code : `HTTP_${status}`,
    detail: typeof detail === 'string' ? detail : `The server answered ${status}.`,
    requestId: typeof requestId === 'string' ? requestId : response.headers.get('x-request-id'),
    rows: Array.isArray(errors) ? (errors as readonly ProblemRow[]) : [],
    members,
  })
}
