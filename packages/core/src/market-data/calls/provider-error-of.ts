import { coerceError } from '../../errors/index.ts'
import {
  BudgetSpent,
  Delisted,
  Malformed,
  RateLimited,
  Refused,
  Unavailable,
  UnknownSymbol,
  type ProviderError,
} from './provider-errors.ts'

const KINDS = [RateLimited, Unavailable, Malformed, UnknownSymbol, Delisted, Refused, BudgetSpent]

/** Whether something thrown is one of the errors that a provider's call may throw. */
export function isProviderError(thrown: unknown): thrown is ProviderError {
  return KINDS.some((kind) => thrown instanceof kind)
}

/** Whatever a call threw: a ProviderError as it is, anything else (the network's) as `Unavailable`. */
export function providerErrorOf(provider: string, thrown: unknown): ProviderError {
  if (isProviderError(thrown)) return thrown
  const { message, cause } = coerceError(thrown)
  // fetch says what went wrong in its error's cause only.
  const why = cause instanceof Error ? `${message} (${cause.message})` : message
  return new Unavailable(`${provider} cannot be reached: ${why}`, { cause: thrown })
}
