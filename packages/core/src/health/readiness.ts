/** What a server can be asked for yet. */
export type Readiness =
  | { readonly status: 'ready'; readonly mode: 'cache' | 'db_fallback' }
  | { readonly status: 'initializing' }
  | { readonly status: 'unavailable' }

/** Longest time that a server is kept out of service to load: it can answer without, only slower. */
const LOADING_MS = 30_000

export interface ReadinessFacts {
  readonly isDatabaseReachable: boolean
  readonly isCacheLoaded: boolean
  /** Since the server began. */
  readonly elapsedMs: number
}

/** Ready when the cache is loaded or half a minute has passed, never without a database. */
export function readinessOf(facts: ReadinessFacts): Readiness {
  if (!facts.isDatabaseReachable) return { status: 'unavailable' }
  if (facts.isCacheLoaded) return { status: 'ready', mode: 'cache' }
  return facts.elapsedMs >= LOADING_MS
    ? { status: 'ready', mode: 'db_fallback' }
    : { status: 'initializing' }
}
