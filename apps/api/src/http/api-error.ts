/** One thing that is wrong with what was sent. */
export interface ProblemRow {
  /** Where it stands: a field's path (`body.amount`), a column of a file. */
  readonly field?: string
  /** Line of an uploaded file, as an editor counts them. */
  readonly line?: number
  readonly symbol?: string
  readonly code: string
  readonly message: string
}

export interface ApiErrorDetails {
  readonly errors?: readonly ProblemRow[]
  readonly headers?: Readonly<Record<string, string>>
  /** Further members of the answer, e.g. `{ batch_run_id }`. */
  readonly members?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * What a handler throws to answer with a problem (RFC 9457). Everything in it is shown to the caller: no SQL,
 * no text of a provider, no path. Anything else that is thrown answers 500 without a detail.
 *
 * @example throw new ApiError(409, 'BATCH_RUNNING', 'A batch run is going on', { members: { batch_run_id } })
 */
export class ApiError extends Error {
  readonly kind = 'api'
  readonly status: number
  /** Stable: clients decide by it. */
  readonly code: string
  readonly details: ApiErrorDetails

  constructor(status: number, code: string, detail: string, details: ApiErrorDetails = {}) {
    super(detail, { cause: details.cause })
    this.status = status
    this.code = code
    this.details = details
  }
}

/** What another's portfolio and one that does not exist both answer. */
export function portfolioNotFound(): ApiError {
  return new ApiError(404, 'PORTFOLIO_NOT_FOUND', 'You have no portfolio of this id.')
}
