import type { CheckedScript, Vendor } from './script.ts'

const WINDOW_MS = 60_000

export interface StartLimit {
  /** Counts a start; whether it is one too many within 60 s. Refused starts count as well. */
  isExceeded(vendor: Vendor, steadyMs: number): boolean
}

export function createStartLimit(startsPerMinute: CheckedScript['startsPerMinute']): StartLimit {
  const starts: Record<Vendor, number[]> = { yahoo: [], polygon: [] }
  return {
    isExceeded(vendor, steadyMs) {
      const recent = starts[vendor].filter((start) => start > steadyMs - WINDOW_MS)
      recent.push(steadyMs)
      starts[vendor] = recent
      return recent.length > (startsPerMinute[vendor] ?? Infinity)
    },
  }
}
