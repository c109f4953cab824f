import { sessionAt, sessionOnOrBefore } from '../calendar/index.ts'
import type { IsoDate } from '../calendar/iso-date.ts'
import type { Transaction } from '../database/index.ts'
import type { Book, Lot } from '../pnl/index.ts'
import { loadBooks, loadPortfolioPrices } from '../portfolios/index.ts'
import type { EditFacts } from './edit-portfolio.ts'
import type { EditedPortfolio } from './edited-portfolio.ts'
import { notFound } from './edit-refused.ts'
import { judgeClosing, type Closing } from './judge-closing.ts'
import { insertClosing } from './store/insert-closing.ts'
import { saveExit } from './store/save-exit.ts'
import { selectLotKind } from './store/select-lot-kind.ts'

/** What closed part or all of a lot. */
export interface ClosedLot {
  readonly eventId: string
  /** Dollars and cents. */
  readonly realizedPnl: string
}

/** Closes part or all of a lot. Throws EditRefused; see `judgeClosing`. */
export function closeLot(
  positionId: string,
  closing: Closing,
  today: IsoDate,
): EditFacts<ClosedLot> {
  return async (tx, portfolio) => {
    const { portfolioId } = portfolio
    const { expirationDate } = await selectLotKind(tx, portfolioId, positionId)
    const { lot, book } = await loadLot(tx, portfolio, positionId)
    // Splits are needed alone; they are read from the entry on.
    const session = sessionOnOrBefore(today)
    const prices = await loadPortfolioPrices(tx.db, [book], { from: session, to: session })
    const frame = { prices, today, expiration: expirationDate }
    const judged = judgeClosing(lot, closing, frame)
    const closed = await insertClosing(tx, { portfolioId, positionId }, judged)
    await saveExit(tx, positionId)
    return { value: closed, touched: closing.tradeDate }
  }
}

async function loadLot(
  { db }: Transaction,
  portfolio: EditedPortfolio,
  positionId: string,
): Promise<{ readonly lot: Lot; readonly book: Book }> {
  const { portfolioId, equityAsOf, snapshots } = portfolio
  const firstSnapshot = snapshots?.first ?? sessionAt(0)
  const request = {
    portfolioId,
    firstSnapshot,
    equityAsOf: equityAsOf ?? firstSnapshot,
    fromInception: false,
  }
  const books = await loadBooks(db, [request])
  const book = books.get(portfolioId)?.book
  const lot = book?.lots.find(({ id }) => id === positionId)
  if (book === undefined || lot === undefined) throw notFound('position', 'POSITION_NOT_FOUND')
  return { lot, book: { ...book, lots: [lot] } }
}
