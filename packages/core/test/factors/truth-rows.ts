import { readFileSync } from 'node:fs'
import { sharedFile } from '../harness/shared-data.ts'

/** One row of a truth file: texts and numbers by column; a missing column is an error. */
export interface TruthRow {
  text(column: string): string
  number(column: string): number
}

/** The rows of `shared/truth/factors/<name>.csv`. */
export function truthRows(name: string): TruthRow[] {
  const path = sharedFile(`truth/factors/${name}.csv`)
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const columns = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    const text = (column: string): string => {
      const cell = cells[columns.indexOf(column)]
      if (cell === undefined || cell === '') throw new Error(`${name}: no ${column} in ${line}`)
      return cell
    }
    return { text, number: (column) => Number(text(column)) }
  })
}

/** The largest error of many comparisons, and where it occurred. */
export class WorstError {
  readonly #scale: (expected: number) => number
  #error = 0
  #where = ''

  constructor(kind: 'relative' | 'absolute') {
    this.#scale = kind === 'relative' ? Math.abs : () => 1
  }

  compare(actual: number, expected: number, where: string): void {
    const error = Math.abs(actual - expected) / this.#scale(expected)
    if (error <= this.#error) return
    this.#error = Number.isNaN(error) ? Infinity : error
    this.#where = `${where}: ${actual} instead of ${expected}, off by ${error}`
  }

  /** Throws the worst comparison when it is off by more than the tolerance. */
  assertWithin(tolerance: number): void {
    if (this.#error > tolerance) throw new Error(this.#where)
  }
}
