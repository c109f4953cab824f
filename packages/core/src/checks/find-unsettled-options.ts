import { settleExpiry } from '../pnl/index.ts'
import type { Breach } from './check-report.ts'
import type { RecomputedSnapshot } from './recompute-snapshots.ts'

/**
 * Option lots that are still open although they expired and could be settled. One whose underlying has no
 * close of the expiration session yet may wait five sessions.
 */
export function findUnsettledOptions(recomputed: RecomputedSnapshot): readonly Breach[] {
  const { stored, book, value, prices } = recomputed
  const { portfolioId, portfolio, date } = stored
  const isOpen = new Set(value.lots.flatMap((lot) => (lot.isOpen ? [lot.lotId] : [])))
  return book.lots
    .filter((lot) => isOpen.has(lot.id) && settleExpiry(lot, date, prices).state === 'settled')
    .map(({ id, symbol }) => ({
      portfolioId,
      portfolio,
      date,
      what: `${symbol} lot ${id}`,
      expected: 'settled',
      actual: 'open',
    }))
}
