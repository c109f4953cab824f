import type { Split } from '../market/market.ts'
import type { ServedRow } from '../market/served-row.ts'
import type { Fault } from './script.ts'

/** What is put in place of a symbol's name. */
export const WRONG_SYMBOL = 'WRONG'
const INVENTED_RATIO = 4

/** Puts a fault of content into rows; other faults leave them as they are. */
export function faultyRows(
  rows: readonly ServedRow[],
  fault: Fault | null,
  random: () => number,
): readonly ServedRow[] {
  switch (fault?.kind) {
    case 'null_bars':
      return change(rows, fault.rows, (row) => withPrices({ ...row, volume: null }, () => null))
    case 'negative_price':
      return change(rows, fault.rows, (row) => withPrices(row, (price) => -price))
    case 'times_100':
      return change(rows, fault.rows, (row) => withPrices(row, (price) => price * 100))
    case 'volume_as_text':
      return change(rows, fault.rows, (row) => ({ ...row, volume: String(row.volume) }))
    case 'wrong_symbol':
      return rows.map((row) => ({ ...row, symbol: WRONG_SYMBOL }))
    default:
      return faultyOrder(rows, fault, random)
  }
}

/** Puts every item in twice, or all in another order, if that is the fault. */
export function faultyOrder<T>(
  items: readonly T[],
  fault: Fault | null,
  random: () => number,
): readonly T[] {
  if (fault?.kind === 'duplicate_days') return items.flatMap((item) => [item, item])
  return fault?.kind === 'unsorted_days' ? shuffled(items, random) : items
}

/** Fisher and Yates; what comes out in order is turned round. */
function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const pool = [...items]
  const drawn = items.flatMap(() => pool.splice(Math.floor(random() * pool.length), 1))
  return drawn.every((item, i) => item === items[i]) ? drawn.toReversed() : drawn
}

type RowChoice = 'first' | 'middle' | 'last' | 'all'

function change(
  rows: readonly ServedRow[],
  choice: RowChoice,
  changed: (row: ServedRow) => ServedRow,
): readonly ServedRow[] {
  const last = rows.length - 1
  const index = { first: 0, middle: Math.floor(rows.length / 2), last, all: -1 }[choice]
  return rows.map((row, i) => (choice === 'all' || i === index ? changed(row) : row))
}

function withPrices(row: ServedRow, change: (price: number) => number | null): ServedRow {
  const price = (value: ServedRow['open']) => (typeof value === 'number' ? change(value) : value)
  return {
    ...row,
    open: price(row.open),
    high: price(row.high),
    low: price(row.low),
    close: price(row.close),
    adjusted: price(row.adjusted),
  }
}

/** Splits as an answer has them: those its prices are restated by, and those it lists. */
export interface SplitView {
  readonly restating: readonly Split[]
  readonly listed: readonly Split[]
}

/**
 * The same splits twice, unless a fault takes one side of them apart: the splits within the answer's dates
 * (after the first, since only those show) or, when there are none, an invented one of 4:1 on the middle
 * date.
 */
export function splitView(
  known: readonly Split[],
  datesOf: () => readonly string[],
  fault: Fault | null,
): SplitView {
  const isUnrestated = fault?.kind === 'split_without_restated_prices'
  const isUnlisted = fault?.kind === 'restated_prices_without_split'
  if (!isUnrestated && !isUnlisted) return { restating: known, listed: known }
  const dates = datesOf()
  const first = dates[0] ?? ''
  const last = dates.at(-1) ?? ''
  const inside = known.filter(({ date }) => date > first && date <= last)
  const outside = known.filter((split) => !inside.includes(split))
  const date = dates[Math.floor(dates.length / 2)]
  const invented = date === undefined ? [] : [{ date, ratio: INVENTED_RATIO }]
  const more = inside.length > 0 ? known : [...known, ...invented]
  return isUnrestated ? { restating: outside, listed: more } : { restating: more, listed: outside }
}
