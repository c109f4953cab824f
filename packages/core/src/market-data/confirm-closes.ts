import type { IsoDate } from '../calendar/iso-date.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { ProviderLists } from './order-providers.ts'
import type { BarOutcome, BarRequest, FetchOptions, MarketDataProvider } from './provider.ts'

/** A close that moved too far to be believed on one provider's word. */
export interface CloseSuspect {
  readonly symbol: Ticker
  readonly date: IsoDate
  /** As traded. */
  readonly close: number
  /** Who said so, and is therefore not asked. */
  readonly provider: string
}

/** Two providers agree when their closes differ by no more than this fraction. */
const AGREEMENT = 0.01

/**
 * Puts suspect closes to the other providers that serve their symbols, one call each, until one of them
 * has a close of that day; agreement within 1 % confirms. A close that nobody else has, or that the
 * first other provider contradicts, stays unconfirmed; so does one whose provider fails.
 *
 * @returns the confirmed dates by symbol.
 * @throws the signal's reason when aborted.
 */
export async function confirmCloses(
  { equities, options }: ProviderLists,
  suspects: readonly CloseSuspect[],
  { signal }: FetchOptions,
): Promise<ReadonlyMap<Ticker, ReadonlySet<IsoDate>>> {
  const confirmed = new Map<Ticker, Set<IsoDate>>()
  let open = suspects
  for (const provider of new Set([...equities, ...options])) {
    const asked = new Set(open.filter((suspect) => canJudge(provider, suspect)))
    if (asked.size === 0) continue
    const closes = await closesOf(provider, [...asked], signal)
    open = open.filter((suspect) => {
      const other = asked.has(suspect) ? closes.get(suspect.symbol)?.get(suspect.date) : undefined
      if (other === undefined) return true
      if (Math.abs(other - suspect.close) <= AGREEMENT * suspect.close) {
        const dates = confirmed.get(suspect.symbol) ?? new Set()
        confirmed.set(suspect.symbol, dates.add(suspect.date))
      }
      return false
    })
  }
  return confirmed
}

function canJudge(
  provider: MarketDataProvider,
  { symbol, provider: source }: CloseSuspect,
): boolean {
  return provider.name !== source && provider.servesDailyBars(symbol)
}

/** The provider's closes on and between the days in question; empty where it fails. */
async function closesOf(
  provider: MarketDataProvider,
  suspects: readonly CloseSuspect[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Ticker, ReadonlyMap<IsoDate, number>>> {
  signal.throwIfAborted()
  const closes = new Map<Ticker, ReadonlyMap<IsoDate, number>>()
  try {
    for await (const outcome of provider.dailyBars(requestsFor(suspects), { signal })) {
      if (outcome.ok) closes.set(outcome.symbol, closesByDate(outcome))
    }
  } catch {
    // A second opinion that cannot be had leaves the suspects unconfirmed; that is the safe side.
    signal.throwIfAborted()
    return closes
  }
  return closes
}

function requestsFor(suspects: readonly CloseSuspect[]): readonly BarRequest[] {
  const bySymbol = Map.groupBy(suspects, ({ symbol }) => symbol)
  return [...bySymbol].map(([symbol, ofSymbol]) => {
    const dates = ofSymbol.map(({ date }) => date)
    const from = dates.reduce((a, b) => (a < b ? a : b))
    const to = dates.reduce((a, b) => (a > b ? a : b))
    return { symbol, from, to }
  })
}

function closesByDate({ bars }: BarOutcome & { ok: true }): ReadonlyMap<IsoDate, number> {
  const closes = new Map<IsoDate, number>()
  for (const { date, close } of bars) if (close !== null) closes.set(date, close)
  return closes
}
