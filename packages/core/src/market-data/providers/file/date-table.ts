import { isIsoDate } from '../../../calendar/index.ts'
import type { IsoDate } from '../../../calendar/iso-date.ts'

/** Numbers the dates of a set of files 0, 1, 2 … as they appear, so that rows can keep a number. */
export class DateTable {
  readonly #ids = new Map<string, number>()
  readonly #dates: IsoDate[] = []

  /** The number of a date; -1 when the text is none. */
  id(text: string): number {
    const known = this.#ids.get(text)
    if (known !== undefined) return known
    if (!isIsoDate(text)) return -1
    const id = this.#dates.length
    this.#dates.push(text)
    this.#ids.set(text, id)
    return id
  }

  date(id: number): IsoDate {
    const date = this.#dates[id]
    if (date === undefined) throw new RangeError(`no date has the number ${id}`)
    return date
  }
}
