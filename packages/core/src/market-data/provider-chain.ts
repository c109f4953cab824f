import { coerceError } from '../errors/index.ts'
import type { IsoDate } from '../calendar/iso-date.ts'
import { isOptionTicker } from '../symbols/occ.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { CallGate, CallUsage } from './calls/call-gate.ts'
import { createCompanySource, type CompanySource } from './company-source.ts'
import { confirmCloses, type CloseSuspect } from './confirm-closes.ts'
import { orderProviders, type OrderedRequest, type ProviderLists } from './order-providers.ts'
import type {
  BarFailureReason,
  BarOutcome,
  BarRequest,
  FetchOptions,
  MarketDataProvider,
} from './provider.ts'

/** What one provider of the chain answered for a symbol it could not serve. */
export interface FailedAttempt {
  readonly provider: string
  readonly reason: BarFailureReason
  readonly detail: string
}

/** The chain's answer for one symbol: a provider's bars, or why each of them had none. */
export type ChainOutcome =
  | (BarOutcome & { readonly ok: true })
  | {
      readonly ok: false
      readonly symbol: Ticker
      readonly reason: 'all_providers_exhausted'
      /** Every provider's reason, readable by an operator. */
      readonly detail: string
      /** In the order asked; empty when no provider serves such a symbol. */
      readonly attempts: readonly FailedAttempt[]
      /** Whether some provider may answer later. */
      readonly retryable: boolean
    }

export interface ChainFetchOptions extends FetchOptions {
  /** The provider that served a symbol last; it is asked first. */
  readonly preferred: ReadonlyMap<Ticker, string>
}

/** Several providers that stand in for one another, symbol by symbol. */
export interface ProviderChain extends CompanySource {
  /**
   * Yields exactly one outcome per request, in any order; requests name each symbol once. Providers are asked for sets: each gets at
   * most one call per place in a symbol's order of providers, never one per symbol.
   *
   * @throws the signal's reason when aborted; a provider that throws fails its symbols only.
   */
  fetchBars(
    requests: readonly BarRequest[],
    options: ChainFetchOptions,
  ): AsyncIterable<ChainOutcome>
  /** The dates of the suspect closes that another provider confirms, by symbol. */
  confirmCloses(
    suspects: readonly CloseSuspect[],
    options: FetchOptions,
  ): Promise<ReadonlyMap<Ticker, ReadonlySet<IsoDate>>>
  /** Calls per provider when each symbol's first provider answers; for `--dry-run`. */
  expectedCalls(
    requests: readonly BarRequest[],
    preferred: ReadonlyMap<Ticker, string>,
  ): ReadonlyMap<string, number>
  /** What the providers' last fetches had to say beyond single symbols. */
  problems(): readonly string[]
  /** What was asked of each provider that is asked over a network, since the chain was made. */
  usage(): ReadonlyMap<string, CallUsage>
}

/** A request on its way through the providers that serve it. */
interface Pending extends OrderedRequest {
  readonly attempts: FailedAttempt[]
  retryable: boolean
}

/**
 * Chains providers; see `orderProviders` for who is asked first.
 *
 * @param gates by provider name, for those that have one
 */
export function createProviderChain(
  lists: ProviderLists,
  gates: ReadonlyMap<string, CallGate> = new Map(),
): ProviderChain {
  const providers = [...new Set([...lists.equities, ...lists.options])]
  return {
    fetchBars: (requests, options) => fetchInTurn(lists, providers, { requests, ...options }),
    confirmCloses: (suspects, options) => confirmCloses(lists, suspects, options),
    problems: () => providers.flatMap((provider) => provider.problems?.() ?? []),
    ...createCompanySource(lists.equities),
    usage: () => new Map([...gates].map(([name, { usage }]) => [name, usage])),
    expectedCalls(requests, preferred) {
      const ordered = orderProviders(lists, requests, preferred)
      const firsts = Map.groupBy(ordered, ({ order }) => order[0])
      const calls = providers.map((provider): [string, number] => {
        const asked = firsts.get(provider)?.map(({ request }) => request) ?? []
        return [provider.name, asked.length === 0 ? 0 : provider.expectedCalls(asked)]
      })
      return new Map(calls)
    },
  }
}

async function* fetchInTurn(
  lists: ProviderLists,
  providers: readonly MarketDataProvider[],
  { requests, preferred, signal }: ChainFetchOptions & { readonly requests: readonly BarRequest[] },
): AsyncGenerator<ChainOutcome> {
  if (new Set(requests.map(({ symbol }) => symbol)).size < requests.length) {
    throw new RangeError('a symbol is requested twice in one fetch')
  }
  let pending = orderProviders(lists, requests, preferred).map((ordered): Pending => {
    return { ...ordered, attempts: [], retryable: false }
  })
  for (let turn = 0; pending.length > 0; turn++) {
    yield* pending
      .filter(({ order }) => order.length === turn)
      .map((spent) => exhausted(spent, lists))
    const asked = Map.groupBy(pending, ({ order }) => order[turn])
    pending = []
    for (const provider of providers) {
      const group = asked.get(provider)
      if (group === undefined) continue
      yield* askOne(provider, group, signal)
      pending.push(...group.filter(({ attempts }) => attempts.length === turn + 1))
    }
  }
}

/** Yields the answers with bars and notes all others as failed attempts. */
async function* askOne(
  provider: MarketDataProvider,
  group: readonly Pending[],
  signal: AbortSignal,
): AsyncGenerator<ChainOutcome> {
  signal.throwIfAborted()
  const open = new Map(group.map((pending) => [pending.request.symbol, pending]))
  let silence: Omit<FailedAttempt, 'provider'> = {
    reason: 'malformed',
    detail: 'left the symbol out of its answer',
  }
  try {
    for await (const outcome of provider.dailyBars([...open.values()].map(requestOf), { signal })) {
      const pending = open.get(outcome.symbol)
      if (pending === undefined) continue
      open.delete(outcome.symbol)
      if (outcome.ok && outcome.bars.length > 0) yield outcome
      else noteFailure(pending, provider, outcome.ok ? NO_BARS : outcome)
    }
  } catch (thrown) {
    signal.throwIfAborted()
    silence = { reason: 'unavailable', detail: coerceError(thrown).message }
  }
  const retryable = silence.reason === 'unavailable'
  for (const pending of open.values()) noteFailure(pending, provider, { ...silence, retryable })
}

const NO_BARS = { reason: 'no_bars', detail: 'answered without bars', retryable: false } as const

function requestOf({ request }: Pending): BarRequest {
  return request
}

function noteFailure(
  pending: Pending,
  provider: MarketDataProvider,
  failure: { reason: BarFailureReason; detail: string; retryable: boolean },
): void {
  const { reason, detail, retryable } = failure
  pending.attempts.push({ provider: provider.name, reason, detail })
  pending.retryable ||= retryable
}

function exhausted(
  { request, attempts, retryable }: Pending,
  { equities, options }: ProviderLists,
): ChainOutcome {
  const listed = isOptionTicker(request.symbol) ? options : equities
  const names = listed.map(({ name }) => name).join(', ') || 'none is configured'
  const detail =
    attempts.length === 0
      ? `none of the providers (${names}) serves daily bars of ${request.symbol}`
      : attempts
          .map(({ provider, reason, detail }) => `${provider}: ${reason} (${detail})`)
          .join('; ')
  const reason = 'all_providers_exhausted'
  return { ok: false, symbol: request.symbol, reason, detail, attempts, retryable }
}
