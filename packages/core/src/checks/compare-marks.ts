import { formatCents, formatMicros, parseCents, type BookValue, type Cents } from '../pnl/index.ts'
import type { Breach } from './check-report.ts'
import type { RecomputedSnapshot } from './recompute-snapshots.ts'
import type { StoredMark } from './store/select-stored-marks.ts'

/** Rounding moves each lot's market value by half a cent at most. */
const CENTS_PER_TWO_LOTS = 1n

/**
 * The lots whose stored mark is not what the calculator makes of the facts on the newest snapshot's date
 * (price, its date, status, market value to the cent), and the portfolio when its stored marks do not add
 * up to the snapshot's net exposure within half a cent per lot.
 */
export function compareMarks(
  { stored, book, value }: RecomputedSnapshot,
  marks: ReadonlyMap<string, StoredMark>,
): readonly Breach[] {
  const { portfolioId, portfolio, date } = stored
  const symbolOf = new Map(book.lots.map(({ id, symbol }) => [id, symbol]))
  const where = { portfolioId, portfolio, date }
  const open = value.lots.filter(({ isOpen }) => isOpen)
  const breaches = open.flatMap((lot): readonly Breach[] => {
    const mark = marks.get(lot.lotId)
    const expected = textOf({
      lastPrice: formatMicros(lot.lastPrice),
      lastPriceDate: lot.lastPriceDate,
      priceStatus: lot.priceStatus,
      marketValue: formatCents(lot.marketValue),
    })
    const actual = mark === undefined ? null : textOf(mark)
    const what = `${symbolOf.get(lot.lotId) ?? ''} lot ${lot.lotId}`
    return expected === actual ? [] : [{ ...where, what, expected, actual }]
  })
  return [...breaches, ...compareSum(where, stored.row.net_exposure, { open, marks })]
}

function compareSum(
  where: Pick<Breach, 'portfolioId' | 'portfolio' | 'date'>,
  netExposure: string | null,
  { open, marks }: { open: BookValue['lots']; marks: ReadonlyMap<string, StoredMark> },
): readonly Breach[] {
  let sum = 0n
  for (const { lotId } of open) sum += parseCents(marks.get(lotId)?.marketValue ?? '0')
  const off = netExposure === null ? null : 2n * (sum - parseCents(netExposure))
  const allowed = CENTS_PER_TWO_LOTS * BigInt(open.length + 1)
  if (off !== null && off <= allowed && -off <= allowed) return []
  const what = 'net_exposure against the sum of marks'
  return [{ ...where, what, expected: formatCents(sum as Cents), actual: netExposure }]
}

function textOf(mark: Omit<StoredMark, 'lotId'>): string {
  const { lastPrice, lastPriceDate, priceStatus, marketValue } = mark
  return `${marketValue ?? '-'} at ${lastPrice ?? '-'} of ${lastPriceDate ?? '-'} (${priceStatus ?? '-'})`
}
