import { VersionedCache, type PortfolioFrame } from '@sigmasight/core/analytics-reads'
import type { Clock } from '@sigmasight/core/clock'
import { lockUrlOf, type Database, type DatabaseSettings } from '@sigmasight/core/database'
import type { Logger } from '@sigmasight/core/logging'
import type { CacheFigures } from '@sigmasight/core/metrics'
import { SymbolCache } from '@sigmasight/core/symbol-cache'

/** What the server keeps in memory. */
export interface Caches {
  readonly symbols: SymbolCache
  /** Answers about portfolios as JSON text, by portfolio and question. */
  readonly answers: VersionedCache<string>
  /** What the answers about a portfolio have in common: a page asks for a dozen of them at once. */
  readonly frames: VersionedCache<PortfolioFrame>
  /** When the server began, on the clock of `performance.now`. */
  readonly startedAt: number
}

export interface CacheParts {
  readonly config: DatabaseSettings
  readonly database: Database
  readonly clock: Clock
  readonly log: Logger
  readonly owned: AsyncDisposableStack
}

const MINUTE_MS = 60_000
/** Versions tell of everything but the passing of time, which makes prices old from one minute to the next. */
const ANSWERS = { limit: 5_000, maxAgeMs: 15 * MINUTE_MS }
const FRAMES = { limit: 500, maxAgeMs: MINUTE_MS }

/** Begins to load them; returns at once. */
export async function createCaches(parts: CacheParts): Promise<Caches> {
  const { config, database, clock, owned } = parts
  const symbols = new SymbolCache({
    database,
    listenUrl: await lockUrlOf(config),
    clock,
    log: parts.log.child({ module: 'cache' }),
  })
  owned.defer(() => symbols.stop())
  symbols.start()
  const now = () => performance.now()
  return {
    symbols,
    answers: new VersionedCache({ now, ...ANSWERS }),
    frames: new VersionedCache({ now, ...FRAMES }),
    startedAt: now(),
  }
}

/** Both caches in one: what came from memory, what the database was asked for, what was made anew. */
export function countCaches({ symbols, answers }: Caches): CacheFigures {
  const [data, answered] = [symbols.status(), answers.counts()]
  return {
    hits: data.hits + answered.hits,
    fallbacks: data.fallbacks + answered.misses,
    invalidations: data.refreshes + answered.outdated,
  }
}
