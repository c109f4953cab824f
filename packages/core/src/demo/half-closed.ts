import type { SessionDate } from '../calendar/iso-date.ts'
import { createPriceSource, formatCents, parseMicros, realizedPnl } from '../pnl/index.ts'
import type { Ticker } from '../symbols/ticker.ts'
import { demoId } from './demo-id.ts'
import type { PlannedPortfolio } from './plan-demo-portfolio.ts'
import type { Quotes } from './quotes.ts'

interface OpenedLot {
  readonly id: string
  readonly portfolio_id: string
  readonly symbol: Ticker
  readonly quantity: number
  readonly entry_price: number
  readonly entry_date: SessionDate
}

const NO_PRICES = createPriceSource({
  panel: { sessions: [], symbols: [], close: new Float64Array() },
  events: [],
})

/** The event that closes half of a lot of shares at the close of a session; no split may lie between. */
export async function halfClosed(
  lot: OpenedLot,
  tradeDate: SessionDate,
  quotes: Quotes,
): Promise<PlannedPortfolio['events'][number]> {
  const { id, portfolio_id, symbol, quantity, entry_price, entry_date } = lot
  if ((await quotes.sharesSince(symbol, entry_date, tradeDate)) !== 1) {
    throw new RangeError(
      `${symbol} split while the demo held it: half of the lot is another number`,
    )
  }
  const event = {
    quantity_closed: Math.floor(Math.abs(quantity) / 2),
    exit_price: await quotes.closeOn(symbol, tradeDate),
    reason: 'trade' as const,
  }
  const gain = realizedPnl(
    {
      id,
      symbol,
      investmentClass: 'PUBLIC',
      quantity: parseMicros(String(quantity)),
      entryPrice: parseMicros(String(entry_price)),
      entryDate: entry_date,
      quantityBasisDate: entry_date,
      underlyingSymbol: null,
      enteredValue: null,
      recognition: null,
      events: [],
      valuations: [],
    },
    {
      tradeDate,
      quantityClosed: parseMicros(String(event.quantity_closed)),
      exitPrice: parseMicros(String(event.exit_price)),
      reason: event.reason,
    },
    NO_PRICES,
  )
  return {
    ...event,
    id: demoId(id, 'half closed'),
    position_id: id,
    portfolio_id,
    trade_date: tradeDate,
    realized_pnl: formatCents(gain),
  }
}
