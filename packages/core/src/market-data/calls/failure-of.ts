import type { ProviderError } from './provider-errors.ts'

/** The part of an outcome that says why a symbol has none. */
export interface Failure {
  readonly reason: ProviderError['kind']
  readonly detail: string
  /** Whether the same question may be answered later. */
  readonly retryable: boolean
}

const RETRYABLE: ReadonlySet<ProviderError['kind']> = new Set([
  'rate_limited',
  'unavailable',
  'budget_spent',
])

/** A provider's error as the failure of a symbol. */
export function failureOf(error: ProviderError): Failure {
  const { kind: reason, message } = error
  const detail = reason === 'malformed' ? `${message} (at ${error.path})` : message
  return { reason, detail, retryable: RETRYABLE.has(reason) }
}
