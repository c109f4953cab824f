import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { skipN } from 'pure-rand/utils/skipN'

const PER_UINT32 = 1 / 4_294_967_296
const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193
/** The first numbers of similar seeds resemble each other. */
const SKIPPED = 32

/**
 * A stream of random numbers that is the same on every machine: integer generator, and only sums and
 * products of doubles after it.
 */
export class RandomStream {
  readonly #generator: RandomGenerator

  /** Streams of different names are independent of each other. */
  constructor(seed: number, name: string) {
    this.#generator = xoroshiro128plus(hash(`${seed} ${name}`))
    skipN(this.#generator, SKIPPED)
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return (this.#generator.next() >>> 0) * PER_UINT32
  }

  /** Mean 0, variance 1, within ±6: the sum of twelve uniforms (Irwin–Hall), which needs no logarithm. */
  normal(): number {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += this.uniform()
    return sum
  }
}

/** FNV-1a of the text's code units, 32 bits. */
function hash(text: string): number {
  let value = FNV_OFFSET
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), FNV_PRIME)
  return value
}
