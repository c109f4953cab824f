import { runPortfolioRefresh } from '../batch/index.ts'
import type { PortfolioRunEnvironment, SymbolRunEnvironment } from '../batch/index.ts'
import { PriceMemory, type EditedPanel } from '../batch/price-memory.ts'
import { finishRuns, type RunEnding } from '../batch/store/finish-runs.ts'
import { dateInNewYork } from '../calendar/session-times.ts'
import { withDelayedCommits } from '../database/index.ts'
import { loadPricePanel, type PanelQuery, type PricePanel } from '../returns/index.ts'
import { AskedTogether } from './asked-together.ts'
import { haveSymbolsMoved } from './store/have-symbols-moved.ts'
import { selectSnapshotValues } from './store/select-snapshot-values.ts'
import { InstanceLock } from './instance-lock.ts'
import type { OnboardingParts } from './onboarding-parts.ts'
import { PortfolioRefresher } from './portfolio-refresher.ts'
import { findLacking } from './queue/find-lacking.ts'
import { onboardSymbol } from './queue/onboard-symbol.ts'
import { SymbolQueue } from './queue/symbol-queue.ts'

export interface OnboardingOptions extends Pick<
  OnboardingParts,
  'isV2' | 'launch' | 'cancel' | 'record'
> {
  readonly runs: PortfolioRunEnvironment
  /** Made when the first symbol is brought in: the vendors' libraries take a while to load. */
  readonly symbolRuns: () => Promise<SymbolRunEnvironment>
  /** Prices that are held in memory; asked only while no run changes prices. Null = there are none. */
  readonly prices: PricesAtHand | null
  readonly concurrency: number
  readonly maxQueue: number
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** Prices in memory that follow the tables. */
export interface PricesAtHand {
  /** All of them, and when they were read; null before they are, and while they are read anew. */
  held(): HeldPrices | null
}

interface HeldPrices {
  readonly panel: PricePanel
  /** What tells these prices from those before and after. */
  readonly edition: string
  readonly readAt: Date
}

/** Onboarding as it lives in a process. Disposing it finishes what is under way. */
export interface Onboarding extends OnboardingParts, AsyncDisposable {
  /** Begins to look for symbols that open positions lack. */
  start(): void
}

/** Makes what onboarding needs. In legacy mode the queue stays idle: the runs bring their symbols in. */
export function createOnboarding(options: OnboardingOptions): Onboarding {
  const { runs, symbolRuns, isV2, launch, cancel, record } = options
  let symbolEnvironment: Promise<SymbolRunEnvironment> | null = null
  const instance = new InstanceLock(runs.lockUrl)
  const { prices } = options
  const instantRuns: PortfolioRunEnvironment = {
    ...runs,
    database: withDelayedCommits(runs.database),
    tryLocks: (names) => instance.tryLocks(names),
    ...(prices === null ? {} : { memory: memoryOf(runs, prices) }),
  }
  const refresher = new PortfolioRefresher({
    run: (request) => runPortfolioRefresh(instantRuns, request),
    sleep: runs.sleep,
  })
  const queue = new SymbolQueue({
    ...options,
    clock: runs.clock,
    log: runs.log,
    onboard: async (symbol, signal) => {
      symbolEnvironment ??= symbolRuns()
      return onboardSymbol({ symbolRuns: await symbolEnvironment, refresher }, symbol, signal)
    },
    findLacking: () => {
      const now = runs.clock.now()
      return findLacking(runs.database.db, { today: dateInNewYork(now), now: now.toJSDate() })
    },
  })
  const endings = new AskedTogether((ended: readonly RunEnding[]) =>
    finishRuns(runs.history.db, ended).then(() => ended),
  )
  return {
    ...{ runs, isV2, launch, cancel, record, instance, refresher, queue },
    snapshots: new AskedTogether((ids) => selectSnapshotValues(runs.database.db, ids)),
    close: async (ending) => {
      await endings.ask(ending)
    },
    start: () => {
      if (isV2) queue.start()
    },
    async [Symbol.asyncDispose]() {
      await queue.stop()
      await refresher.settled()
      await instance[Symbol.asyncDispose]()
    },
  }
}

/** From memory only where that says what the tables say. */
function memoryOf(
  { database: { db } }: PortfolioRunEnvironment,
  prices: PricesAtHand,
): PriceMemory {
  const held = async (): Promise<EditedPanel | null> => {
    const before = prices.held()
    if (before === null || (await haveSymbolsMoved(db, before.readAt))) return null
    return prices.held()?.edition === before.edition ? before : null
  }
  return new PriceMemory(async (query) => {
    const known = await held()
    if (known !== null && isAmong(query, known.panel)) return known
    return { panel: await loadPricePanel(db, query), edition: null }
  }, held)
}

function isAmong({ symbols, from, to }: PanelQuery, panel: PricePanel): boolean {
  const [first, last] = [panel.sessions[0], panel.sessions.at(-1)]
  if (first === undefined || last === undefined || from < first || to > last) return false
  const known = new Set(panel.symbols)
  return symbols.every((symbol) => known.has(symbol))
}
