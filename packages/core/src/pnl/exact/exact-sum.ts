import { fraction, whole, ZERO, type Fraction } from './fraction.ts'

/**
 * A running sum of fractions without any rounding. Terms are gathered by denominator and brought
 * together once, when the total is asked for: adding to a book of thousands of lots stays as cheap as
 * adding whole numbers.
 */
export class ExactSum {
  #whole = 0n
  readonly #parts = new Map<bigint, bigint>()

  add(term: Fraction): void {
    if (term === ZERO) return
    if (term.d === 1n) this.#whole += term.n
    else this.#parts.set(term.d, (this.#parts.get(term.d) ?? 0n) + term.n)
  }

  total(): Fraction {
    let n = this.#whole
    let d = 1n
    for (const [denominator, numerator] of this.#parts) {
      n = n * denominator + numerator * d
      d *= denominator
    }
    return d === 1n ? whole(n) : fraction(n, d)
  }
}
