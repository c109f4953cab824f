import type { FactorDefinition } from './definition.ts'
import type { SkipReason, SkippedEstimates } from './factor-result.ts'

/** Why symbols have no value of a factor. */
export interface Skip {
  readonly reason: SkipReason
  readonly observations: number
  readonly symbols: number
}

/** Counts symbols without a value by factor, reason and observations. */
export class SkipTally {
  readonly #counts = new Map<string, SkippedEstimates>()

  add(factors: readonly FactorDefinition[], { reason, observations, symbols }: Skip): void {
    if (symbols === 0) return
    for (const { name } of factors) {
      const key = JSON.stringify([name, reason, observations])
      const before = this.#counts.get(key)?.symbols ?? 0
      this.#counts.set(key, { factor: name, reason, observations, symbols: before + symbols })
    }
  }

  counts(): readonly SkippedEstimates[] {
    return [...this.#counts.values()]
  }
}
