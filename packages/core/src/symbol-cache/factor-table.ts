import type { SessionDate } from '../calendar/iso-date.ts'
import type { Ticker } from '../symbols/index.ts'

/** A symbol's fit of one factor on a date. */
export interface SymbolFactor {
  readonly factorId: string
  readonly beta: number
  /** Null where the fit has none, as a provider's beta. */
  readonly stdError: number | null
  /** 0 to 1; null where the fit has none. */
  readonly rSquared: number | null
}

/** The fits of one symbol as the database packs them. */
export interface PackedFits {
  readonly symbol: Ticker
  /** For each fit: the factor's place as int2, then beta, standard error and R² as float8, NaN for none. */
  readonly fits: Buffer
}

const FIGURES = 3
const FIT_BYTES = 2 + FIGURES * 8

/**
 * The factor fits of many symbols on one date: `figures` holds beta, standard error and R² of each symbol
 * and factor, NaN where there is none.
 */
export class FactorTable {
  readonly date: SessionDate
  readonly #factorIds: readonly string[]
  readonly #rowOf: ReadonlyMap<Ticker, number>
  readonly #figures: Float64Array

  constructor(date: SessionDate, factorIds: readonly string[], symbols: readonly PackedFits[]) {
    this.date = date
    this.#factorIds = factorIds
    this.#rowOf = new Map(symbols.map(({ symbol }, row) => [symbol, row]))
    const width = factorIds.length * FIGURES
    this.#figures = new Float64Array(symbols.length * width).fill(NaN)
    for (const [row, { fits }] of symbols.entries()) {
      for (let at = 0; at < fits.length; at += FIT_BYTES) {
        const target = row * width + fits.readInt16BE(at) * FIGURES
        for (let k = 0; k < FIGURES; k++) {
          this.#figures[target + k] = fits.readDoubleBE(at + 2 + k * 8)
        }
      }
    }
  }

  get size(): number {
    return this.#rowOf.size
  }

  /** The fits of a symbol, in the order of the factors; null when it has none. */
  of(symbol: Ticker): readonly SymbolFactor[] | null {
    const row = this.#rowOf.get(symbol)
    if (row === undefined) return null
    const width = this.#factorIds.length * FIGURES
    return this.#factorIds.flatMap((factorId, f): readonly SymbolFactor[] => {
      const at = row * width + f * FIGURES
      const [beta = NaN, stdError = NaN, rSquared = NaN] = this.#figures.subarray(at, at + FIGURES)
      if (Number.isNaN(beta)) return []
      return [{ factorId, beta, stdError: orNull(stdError), rSquared: orNull(rSquared) }]
    })
  }
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
