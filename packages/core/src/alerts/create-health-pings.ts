import type { Logger } from '../logging/index.ts'
import { deliver, type HttpPorts } from './http-delivery.ts'

/** Tells a dead man's switch how the night goes. No method ever throws: failures are logged. */
export interface HealthPings {
  start(): Promise<void>
  success(): Promise<void>
  fail(): Promise<void>
}

export interface HealthPingOptions extends HttpPorts {
  /** HEALTHCHECK_PING_URL, one per program; null = nobody is told. */
  readonly url: string | null
  readonly log: Logger
}

/**
 * Pings by GET: the URL itself for success, with `/start` and `/fail` at the end of its path. The end is
 * told again when it does not get through; the start is not, since the work should not wait for it.
 */
export function createHealthPings(options: HealthPingOptions): HealthPings {
  const { url, log } = options
  const ping = async (suffix: '' | '/start' | '/fail', pauses?: readonly number[]) => {
    if (url === null) return
    const failure = await deliver(withSuffix(url, suffix), { method: 'GET' }, options, pauses)
    if (failure !== null) log.warn({ ping: suffix || '/', reason: failure }, 'health_ping_failed')
  }
  return {
    start: () => ping('/start', []),
    success: () => ping(''),
    fail: () => ping('/fail'),
  }
}

/** The suffix belongs to the path, before a query. */
function withSuffix(url: string, suffix: string): string {
  if (suffix === '') return url
  const changed = new URL(url)
  changed.pathname = changed.pathname.replace(/\/+$/, '') + suffix
  return changed.href
}
