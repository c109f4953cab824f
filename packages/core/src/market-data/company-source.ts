import { coerceError } from '../errors/index.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { Fundamentals, Profile, SymbolOutcome } from './profile.ts'
import type { FetchOptions, MarketDataProvider } from './provider.ts'

type FailureReason = (SymbolOutcome<unknown> & { ok: false })['reason']

/**
 * What it means that nobody answered for a symbol. `absent`: all who serve such things say that there is
 * none; `unreadable`: what somebody said could not be read; `unreached`: somebody, or everybody, could not
 * be asked.
 */
export type CompanyVerdict = 'absent' | 'unreadable' | 'unreached'

/** The answer for one symbol: a provider's, or why none of them had one. */
export type CompanyAnswer<Value> =
  | (SymbolOutcome<Value> & { readonly ok: true })
  | {
      readonly ok: false
      readonly symbol: Ticker
      readonly verdict: CompanyVerdict
      /** Of the provider that decided the verdict; `no_provider` when none serves such things. */
      readonly reason: FailureReason | 'no_provider'
      /** Every provider's reason, readable by an operator. */
      readonly detail: string
    }

/** Profiles and financial statements from several providers that stand in for one another. */
export interface CompanySource {
  /**
   * One answer per symbol, in any order. Each provider is asked once, for all that those before it could
   * not answer.
   *
   * @throws the signal's reason when aborted; a provider that throws fails its symbols only.
   */
  profiles(symbols: readonly Ticker[], options: FetchOptions): AsyncIterable<CompanyAnswer<Profile>>
  /** Likewise. */
  fundamentals(
    symbols: readonly Ticker[],
    options: FetchOptions,
  ): AsyncIterable<CompanyAnswer<Fundamentals>>
  /** Calls per provider, at most, when the first that serves such things answers; for `--dry-run`. */
  expectedCompanyCalls(asked: {
    readonly profiles: number
    readonly statements: number
  }): ReadonlyMap<string, number>
}

/** A provider's way of answering one kind of question. */
interface Respondent<Value> {
  readonly name: string
  readonly ask: (
    symbols: readonly Ticker[],
    options: FetchOptions,
  ) => AsyncIterable<SymbolOutcome<Value>>
}

interface FailedAnswer {
  readonly provider: string
  readonly reason: FailureReason
  readonly detail: string
}

/** Asks providers in the order given; those without profiles or statements are not asked for them. */
export function createCompanySource(providers: readonly MarketDataProvider[]): CompanySource {
  return {
    profiles: (symbols, { signal }) => {
      const respondents = providers.flatMap((provider): Respondent<Profile>[] =>
        provider.profiles === undefined
          ? []
          : [{ name: provider.name, ask: provider.profiles.bind(provider) }],
      )
      return askInTurn(respondents, symbols, signal)
    },
    fundamentals: (symbols, { signal }) => {
      const respondents = providers.flatMap((provider): Respondent<Fundamentals>[] =>
        provider.fundamentals === undefined
          ? []
          : [{ name: provider.name, ask: provider.fundamentals.bind(provider) }],
      )
      return askInTurn(respondents, symbols, signal)
    },
    expectedCompanyCalls: (asked) => {
      const calls = new Map<string, number>()
      const add = (provider: MarketDataProvider | undefined, count: number) => {
        if (provider === undefined || count === 0) return
        calls.set(provider.name, (calls.get(provider.name) ?? 0) + count)
      }
      const forProfiles = providers.find((provider) => provider.profiles !== undefined)
      const forStatements = providers.find((provider) => provider.fundamentals !== undefined)
      add(forProfiles, forProfiles?.expectedProfileCalls?.(asked.profiles) ?? 0)
      add(forStatements, forStatements?.expectedStatementCalls?.(asked.statements) ?? 0)
      return calls
    },
  }
}

async function* askInTurn<Value>(
  respondents: readonly Respondent<Value>[],
  symbols: readonly Ticker[],
  signal: AbortSignal,
): AsyncGenerator<CompanyAnswer<Value>> {
  const open = new Map(symbols.map((symbol): [Ticker, FailedAnswer[]] => [symbol, []]))
  for (const respondent of respondents) {
    if (open.size > 0) yield* askOne(respondent, open, signal)
  }
  for (const [symbol, failed] of open) yield { ok: false, symbol, ...judge(failed) }
}

/** Yields the answers, takes their symbols out of `open`, and notes there why the others have none. */
async function* askOne<Value>(
  { name, ask }: Respondent<Value>,
  open: Map<Ticker, FailedAnswer[]>,
  signal: AbortSignal,
): AsyncGenerator<CompanyAnswer<Value>> {
  signal.throwIfAborted()
  const silent = new Set(open.keys())
  let silence: FailedAnswer = {
    provider: name,
    reason: 'malformed',
    detail: 'left the symbol out of its answer',
  }
  try {
    for await (const outcome of ask([...silent], { signal })) {
      if (!silent.delete(outcome.symbol)) continue
      if (outcome.ok) {
        open.delete(outcome.symbol)
        yield outcome
        continue
      }
      const { reason, detail } = outcome
      open.get(outcome.symbol)?.push({ provider: name, reason, detail })
    }
  } catch (thrown) {
    signal.throwIfAborted()
    silence = { provider: name, reason: 'unavailable', detail: coerceError(thrown).message }
  }
  for (const symbol of silent) open.get(symbol)?.push(silence)
}

const VERDICTS: Readonly<Record<FailureReason, CompanyVerdict>> = {
  unknown_symbol: 'absent',
  delisted: 'absent',
  no_bars: 'absent',
  no_data: 'absent',
  malformed: 'unreadable',
  unknown_later_splits: 'unreadable',
  rate_limited: 'unreached',
  unavailable: 'unreached',
  refused: 'unreached',
  budget_spent: 'unreached',
}

/** A provider that could not be asked may have what the others do not, so its verdict counts most. */
const BY_WEIGHT: readonly CompanyVerdict[] = ['unreached', 'unreadable', 'absent']

function judge(
  failed: readonly FailedAnswer[],
): Omit<CompanyAnswer<never> & { ok: false }, 'ok' | 'symbol'> {
  const detail = failed
    .map(({ provider, reason, detail }) => `${provider}: ${reason} (${detail})`)
    .join('; ')
  for (const verdict of BY_WEIGHT) {
    const decisive = failed.find(({ reason }) => VERDICTS[reason] === verdict)
    if (decisive !== undefined) return { verdict, reason: decisive.reason, detail }
  }
  return {
    verdict: 'unreached',
    reason: 'no_provider',
    detail: 'none of the providers serves this',
  }
}
