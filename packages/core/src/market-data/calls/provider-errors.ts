import { SigmaSightError } from '../../errors/index.ts'

/** The provider says that it was asked too often. */
export class RateLimited extends SigmaSightError {
  readonly kind = 'rate_limited'
  /** What the provider asked us to wait, in milliseconds; null when it did not say. */
  readonly retryAfterMs: number | null

  constructor(message: string, retryAfterMs: number | null, options?: ErrorOptions) {
    super(message, options)
    this.retryAfterMs = retryAfterMs
  }
}

/** The provider cannot be reached, answers 5xx, stalls, or is not asked because its circuit is open. */
export class Unavailable extends SigmaSightError {
  readonly kind = 'unavailable'
  /** What the provider asked us to wait, in milliseconds; null when it did not say. */
  readonly retryAfterMs: number | null

  constructor(message: string, options: ErrorOptions & { retryAfterMs?: number | null } = {}) {
    super(message, options)
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}

/** The provider's answer has not the shape it should have. */
export class Malformed extends SigmaSightError {
  readonly kind = 'malformed'
  /** Where in the answer, e.g. `chart.result[0].timestamp`. */
  readonly path: string

  constructor(message: string, path: string, options?: ErrorOptions) {
    super(message, options)
    this.path = path
  }
}

/** The provider knows no such symbol. */
export class UnknownSymbol extends SigmaSightError {
  readonly kind = 'unknown_symbol'
}

/** The provider knows the symbol as no longer traded. */
export class Delisted extends SigmaSightError {
  readonly kind = 'delisted'
}

/** The provider refuses us (401, 403): a key is wrong or the plan does not include this. Never retried. */
export class Refused extends SigmaSightError {
  readonly kind = 'refused'
}

/** The calls that one run may make to the provider are used up. */
export class BudgetSpent extends SigmaSightError {
  readonly kind = 'budget_spent'
}

export type ProviderError =
  RateLimited | Unavailable | Malformed | UnknownSymbol | Delisted | Refused | BudgetSpent
