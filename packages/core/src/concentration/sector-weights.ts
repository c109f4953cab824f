import type { ExposureLot } from '../exposures/exposure-book.ts'
import type { Cents } from '../pnl/index.ts'
import type { Ticker } from '../symbols/ticker.ts'

/** What is known of what a symbol is. */
export interface SectorFact {
  /** GICS sector; null when it is unknown. */
  readonly sector: string | null
  readonly isFund: boolean
}

/** A sector or bucket of a portfolio. */
export interface SectorWeight {
  readonly sector: string
  /** Market values without signs. */
  readonly grossValue: Cents
  /** `grossValue` ÷ equity; null when equity is not positive. */
  readonly weight: number | null
}

/**
 * Sector weights Σ|MV| ÷ equity, largest first. ETFs and funds, options and PRIVATE lots have buckets of
 * their own, `ETF`, `Options` and `Private`; a listed symbol of unknown sector is `Unclassified`.
 *
 * All open lots count, those without a current mark at what they are valued at: the gross values add up to
 * gross exposure exactly, and so the weights to gross ÷ equity. A long and a short do not offset.
 *
 * Missing data: no lots, no weights.
 *
 * @example $60,000 of AAPL, a $20,000 short of SPY and $40,000 PRIVATE on equity of $100,000:
 * Information Technology 0.6, Private 0.4, ETF 0.2
 */
export function sectorWeights(
  lots: readonly ExposureLot[],
  equity: Cents,
  facts: ReadonlyMap<Ticker, SectorFact>,
): readonly SectorWeight[] {
  const gross = new Map<string, bigint>()
  for (const lot of lots) {
    const sector = bucketOf(lot, facts.get(lot.symbol))
    const value: bigint = lot.marketValue
    gross.set(sector, (gross.get(sector) ?? 0n) + (value < 0n ? -value : value))
  }
  return [...gross]
    .map(([sector, value]) => ({
      sector,
      grossValue: value as Cents,
      weight: equity > 0n ? Number(value) / Number(equity) : null,
    }))
    .sort((a, b) => Number(b.grossValue - a.grossValue) || (a.sector < b.sector ? -1 : 1))
}

function bucketOf({ investmentClass }: ExposureLot, fact: SectorFact | undefined): string {
  switch (investmentClass) {
    case 'PRIVATE':
      return 'Private'
    case 'OPTIONS':
      return 'Options'
    case 'PUBLIC':
      return fact?.isFund === true ? 'ETF' : (fact?.sector ?? 'Unclassified')
  }
}
