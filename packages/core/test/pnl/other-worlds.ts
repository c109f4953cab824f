import type { IsoDate } from '../../src/calendar/iso-date.ts'
import type { World } from './random-book.ts'

/** The world as it was known before one of its facts, and the earliest date that fact touches. */
export function withheld(
  world: World,
  which: number,
  choice: number,
): { world: World; touches: IsoDate } | null {
  const { book, market: facts } = world
  const without = <T>(list: readonly T[]) => list.filter((_, i) => i !== choice % list.length)
  const chosen = <T>(list: readonly T[]): T | undefined => list[choice % Math.max(1, list.length)]
  const [symbol, of] = Object.entries(facts)[choice % Object.keys(facts).length] ?? []
  if (symbol === undefined || of === undefined) return null
  const known = (changed: typeof of) => ({ ...world, market: { ...facts, [symbol]: changed } })
  switch (which % 6) {
    case 0: {
      const late = chosen(book.lots)
      return late
        ? {
            world: { ...world, book: { ...book, lots: without(book.lots) } },
            touches: late.entryDate,
          }
        : null
    }
    case 1: {
      const late = chosen(book.flows)
      return late
        ? { world: { ...world, book: { ...book, flows: without(book.flows) } }, touches: late.date }
        : null
    }
    case 2: {
      const late = chosen(of.closes)
      return late
        ? { world: known({ ...of, closes: without(of.closes) }), touches: late.date }
        : null
    }
    case 3: {
      const late = chosen(of.dividends)
      return late
        ? { world: known({ ...of, dividends: without(of.dividends) }), touches: late.date }
        : null
    }
    case 4: {
      const late = chosen(of.splits)
      if (late === undefined) return null
      // Lots stated in shares of after the split were fewer before it: it touches them from their entry on.
      const touched = book.lots.filter(
        (one) => one.symbol === symbol && one.quantityBasisDate >= late.date,
      )
      const touches = [late.date, ...touched.map(({ entryDate }) => entryDate)].sort()[0] as IsoDate
      return { world: known({ ...of, splits: without(of.splits) }), touches }
    }
    default: {
      const lotOfChoice = chosen(book.lots)
      const late = lotOfChoice && chosen(lotOfChoice.events)
      if (late === undefined) return null
      const lots = book.lots.map((one) =>
        one === lotOfChoice ? { ...one, events: without(one.events) } : one,
      )
      return { world: { ...world, book: { ...book, lots } }, touches: late.tradeDate }
    }
  }
}

/** The world without closes on a day, and without anything else that happened since the day before. */
export function quietDay(world: World, before: IsoDate, day: IsoDate): World {
  const isQuiet = (date: string) => date <= before || date > day
  return {
    ...world,
    market: mapValues(world.market, ({ closes, splits, dividends }) => ({
      closes: closes.filter(({ date }) => isQuiet(date)),
      splits,
      dividends: dividends.filter(({ date }) => isQuiet(date)),
    })),
    book: {
      ...world.book,
      lots: world.book.lots
        .filter(({ entryDate }) => isQuiet(entryDate))
        .map((one) => ({
          ...one,
          events: one.events.filter(({ tradeDate }) => isQuiet(tradeDate)),
          valuations: one.valuations.filter(({ date }) => isQuiet(date)),
        })),
    },
  }
}

function mapValues<T>(
  of: Readonly<Record<string, T>>,
  change: (value: T) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value)]))
}
