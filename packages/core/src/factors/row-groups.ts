import { centreOutputs, type CentredOutputs } from '../regression/index.ts'

/** Symbols that have returns on the same sessions, and so share one decomposition. */
export interface RowGroup {
  /** Positions in the window that enter the regression. */
  readonly usable: Int32Array
  /** Indices into the list of starts. */
  readonly members: number[]
  /** The members' returns at those positions, less their means. */
  readonly outputs: CentredOutputs
}

const BITS_PER_CODE_UNIT = 16

/**
 * Groups symbols by the rows they can use: those of the asked positions on which they have a return
 * themselves. Remembers its answers, because regressions over the same window mostly ask the same.
 */
export class RowGroups {
  readonly #values: Float64Array
  readonly #starts: Int32Array
  readonly #known = new Map<string, readonly RowGroup[]>()

  /**
   * @param values returns, NaN where there is none
   * @param starts where each symbol's window starts in `values`; beyond their end for a symbol without any
   */
  constructor(values: Float64Array, starts: Int32Array) {
    this.#values = values
    this.#starts = starts
  }

  /** @param usable positions in the window at which every proxy has a return, ascending */
  of(usable: Int32Array): readonly RowGroup[] {
    const key = bitSet(usable)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const groups = this.#group(usable)
    this.#known.set(key, groups)
    return groups
  }

  #group(usable: Int32Array): readonly RowGroup[] {
    const complete = { usable, members: new Array<number>() }
    const gapped = new Map<string, typeof complete>()
    for (let member = 0; member < this.#starts.length; member++) {
      const own = this.#usableOf(member, usable)
      if (own.length === usable.length) {
        complete.members.push(member)
        continue
      }
      const key = bitSet(own)
      const group = gapped.get(key)
      if (group === undefined) gapped.set(key, { usable: own, members: [member] })
      else group.members.push(member)
    }
    return [complete, ...gapped.values()].map((group) => this.#centred(group))
  }

  #centred(group: Omit<RowGroup, 'outputs'>): RowGroup {
    const starts = Int32Array.from(group.members, (member) => this.#starts[member] as number)
    const outputs = centreOutputs({ values: this.#values, starts, rows: group.usable })
    return { ...group, outputs }
  }

  /** The positions at which the symbol has a return; the given list itself when it has all. */
  #usableOf(member: number, usable: Int32Array): Int32Array {
    const start = this.#starts[member] as number
    let count = 0
    for (let i = 0; i < usable.length; i++) count += this.#has(start + (usable[i] as number))
    if (count === usable.length) return usable
    const own = new Int32Array(count)
    for (let i = 0, next = 0; next < count; i++) {
      const position = usable[i] as number
      if (this.#has(start + position)) own[next++] = position
    }
    return own
  }

  #has(index: number): 0 | 1 {
    return index < this.#values.length && !Number.isNaN(this.#values[index]) ? 1 : 0
  }
}

/** Ascending positions as the bits of a short text, a cheap key of a map. */
function bitSet(positions: Int32Array): string {
  const codes = new Uint16Array(Math.ceil(((positions.at(-1) ?? 0) + 1) / BITS_PER_CODE_UNIT))
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i] as number
    const unit = Math.floor(position / BITS_PER_CODE_UNIT)
    codes[unit] = (codes[unit] as number) | (1 << (position % BITS_PER_CODE_UNIT))
  }
  return String.fromCharCode(...codes)
}
