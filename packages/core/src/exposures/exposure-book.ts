import type { Book, BookValue, Cents, LotFigures, Micros } from '../pnl/index.ts'
import type { Ticker } from '../symbols/ticker.ts'

/** What of an open lot matters to what the portfolio is exposed to. */
export interface ExposureLot {
  readonly symbol: Ticker
  readonly investmentClass: 'PUBLIC' | 'OPTIONS' | 'PRIVATE'
  /** Whose moves an option follows; null for everything else. */
  readonly underlyingSymbol: Ticker | null
  /** Signed: a short counts negative. */
  readonly marketValue: Cents
  readonly priceStatus: LotFigures['priceStatus']
  /**
   * The dollars of the underlying that an option moves like: Δ · signed quantity · 100 · S. Null without
   * Greeks of the date; not looked at for other classes.
   */
  readonly deltaDollars: number | null
}

/** A portfolio on a date, as its exposures need to know it. The order of lots means nothing. */
export interface ExposureBook {
  /** The open ones. */
  readonly lots: readonly ExposureLot[]
  /** Net asset value; may be zero or negative. */
  readonly equity: Cents
}

/** An open lot that can be told from others like it. */
export interface HeldLot extends ExposureLot {
  readonly lotId: string
  /** Signed, on the share basis of the date. */
  readonly openQuantity: Micros
}

/** A book made from a portfolio's facts, its lots known by id. */
export interface ValuedBook extends ExposureBook {
  readonly lots: readonly HeldLot[]
}

/** The open lots of a valued portfolio, options with the delta dollars that are known by lot id. */
export function exposureBook(
  { lots }: Book,
  value: BookValue,
  deltaDollars: ReadonlyMap<string, number>,
): ValuedBook {
  const figures = new Map(value.lots.map((lot) => [lot.lotId, lot]))
  return {
    equity: value.snapshot.equityBalance,
    lots: lots.flatMap(({ id, symbol, investmentClass, underlyingSymbol }) => {
      const lot = figures.get(id)
      if (lot === undefined || !lot.isOpen) return []
      const { marketValue, openQuantity, priceStatus } = lot
      const delta = deltaDollars.get(id) ?? null
      return [
        {
          lotId: id,
          openQuantity,
          symbol,
          investmentClass,
          underlyingSymbol,
          marketValue,
          priceStatus,
          deltaDollars: delta,
        },
      ]
    }),
  }
}

/** The symbol whose betas a lot inherits: an option's underlying, nothing for PRIVATE. */
export function exposureSymbol(
  lot: Pick<ExposureLot, 'symbol' | 'investmentClass' | 'underlyingSymbol'>,
): Ticker | null {
  switch (lot.investmentClass) {
    case 'PUBLIC':
      return lot.symbol
    case 'OPTIONS':
      return lot.underlyingSymbol
    case 'PRIVATE':
      return null
  }
}
