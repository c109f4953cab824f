import type { IsoDate } from '../../../calendar/iso-date.ts'
import type { DailyBar } from '../../bar.ts'
import type { BarRequest } from '../../provider.ts'
import type { DateTable } from './date-table.ts'
import { BAR_NUMBERS } from './number-columns.ts'

/** The rows found for one request, in two typed arrays: 60 bytes a bar instead of an object. */
export class RequestedRows {
  readonly request: BarRequest
  #dateIds = new Int32Array(8)
  #values = new Float64Array(8 * BAR_NUMBERS)
  #length = 0
  /** Rows of files that are finished and kept. */
  #kept = 0

  constructor(request: BarRequest) {
    this.request = request
  }

  push(dateId: number, values: Float64Array): void {
    if (this.#length === this.#dateIds.length) this.#grow()
    this.#dateIds[this.#length] = dateId
    this.#values.set(values, this.#length * BAR_NUMBERS)
    this.#length++
  }

  /** Keeps or forgets the rows added since the last call. */
  endFile(keepsRows: boolean): void {
    if (keepsRows) this.#kept = this.#length
    else this.#length = this.#kept
  }

  /**
   * The bars, sorted by date. Where several files have a row for a date, the one added last is taken;
   * `replaced` counts the others.
   */
  bars(dates: DateTable): { readonly bars: readonly DailyBar[]; readonly replaced: number } {
    const rowOf = new Map<IsoDate, number>()
    for (let row = 0; row < this.#length; row++) {
      rowOf.set(dates.date(this.#dateIds[row] ?? -1), row)
    }
    const days = [...rowOf].sort(([a], [b]) => (a < b ? -1 : 1))
    const bars = days.map(([date, row]) => this.#bar(date, row))
    return { bars, replaced: this.#length - bars.length }
  }

  #bar(date: IsoDate, row: number): DailyBar {
    const at = row * BAR_NUMBERS
    const value = (index: number): number | null => {
      const number = this.#values[at + index] ?? Number.NaN
      return Number.isNaN(number) ? null : number
    }
    return {
      date,
      open: value(0),
      high: value(1),
      low: value(2),
      close: value(3),
      volume: value(4),
      dividend: value(5),
      splitRatio: value(6),
    }
  }

  #grow(): void {
    const dateIds = new Int32Array(2 * this.#dateIds.length)
    const values = new Float64Array(2 * this.#values.length)
    dateIds.set(this.#dateIds)
    values.set(this.#values)
    this.#dateIds = dateIds
    this.#values = values
  }
}
