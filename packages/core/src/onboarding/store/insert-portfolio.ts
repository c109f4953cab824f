import { sql } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import { errorCode } from '../../database/error-code.ts'
import type { Transaction } from '../../database/index.ts'
import {
  formatCents,
  formatMicros,
  NO_HISTORY,
  realizedPnl,
  type Lot,
  type RealizedEvent,
} from '../../pnl/index.ts'
import type { NewLot } from '../csv/new-lot.ts'
import { OnboardingRefused } from '../onboarding-refused.ts'
import type { NewPortfolio } from '../portfolio-form.ts'

export interface PortfolioEntry {
  readonly userId: string
  readonly portfolio: NewPortfolio
  readonly lots: readonly NewLot[]
  /** The date that the typed equity is of: that of the first snapshot. */
  readonly equityAsOf: IsoDate
  /** On whose shares the uploaded quantities are. */
  readonly today: IsoDate
}

const UNIQUE_VIOLATION = '23505'

/**
 * Creates a portfolio with its lots and their sales in the caller's transaction. A statement of today shows
 * today's shares; a lot that was sold is on the shares of its sale, of which it closes every one.
 *
 * @returns the portfolio's id
 * @throws OnboardingRefused PORT_001 when the user has an account of that name
 */
export async function insertPortfolio(tx: Transaction, entry: PortfolioEntry): Promise<string> {
  const portfolioId = await insertRow(tx, entry)
  await insertLots(tx, portfolioId, entry)
  return portfolioId
}

async function insertRow(
  { db }: Transaction,
  { userId, portfolio, equityAsOf }: PortfolioEntry,
): Promise<string> {
  const equity = formatCents(portfolio.equity)
  try {
    const { id } = await db
      .insertInto('portfolios')
      .values({
        user_id: userId,
        name: portfolio.name,
        account_name: portfolio.accountName,
        account_type: portfolio.accountType,
        description: portfolio.description,
        equity_balance: equity,
        initial_equity: equity,
        equity_as_of: equityAsOf,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  } catch (thrown) {
    if (errorCode(thrown) === UNIQUE_VIOLATION) throw accountNameTaken(thrown)
    throw thrown
  }
}

/** What the user is told whose account name is taken already. */
export function accountNameTaken(cause?: unknown): OnboardingRefused {
  const message = 'you have an account of this name'
  const form = [{ code: 'PORT_001', field: 'account_name', message }] as const
  return new OnboardingRefused('PORT_001', 'You have an account of this name already.', {
    form,
    cause,
  })
}

/** Adds lots with their sales in the caller's transaction. */
export async function insertLots(
  { db }: Transaction,
  portfolioId: string,
  { lots, today }: Pick<PortfolioEntry, 'lots' | 'today'>,
): Promise<void> {
  const rows = lots.map((lot) => lotRow(lot, today))
  await sql`
    with rows as materialized (
      select gen_random_uuid() as id, r.*
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (
        symbol text, position_type text, investment_class text, investment_subtype text,
        quantity numeric, entry_price numeric, entry_date date, quantity_basis_date date,
        underlying_symbol text, strike_price numeric, expiration_date date, exit_price numeric,
        exit_date date, market_value numeric, quantity_closed numeric, realized_pnl numeric
      )
    ),
    lots as (
      insert into positions (
        id, portfolio_id, symbol, position_type, investment_class, investment_subtype, quantity,
        entry_price, entry_date, quantity_basis_date, underlying_symbol, strike_price,
        expiration_date, exit_price, exit_date, market_value)
      select id, ${portfolioId}::uuid, symbol, position_type, investment_class, investment_subtype,
             quantity, entry_price, entry_date, quantity_basis_date, underlying_symbol, strike_price,
             expiration_date, exit_price, exit_date, market_value
      from rows
    )
    insert into position_realized_events
      (position_id, portfolio_id, trade_date, quantity_closed, exit_price, realized_pnl)
    select id, ${portfolioId}::uuid, exit_date, quantity_closed, exit_price, realized_pnl
    from rows where exit_date is not null
  `.execute(db)
}

function lotRow(lot: NewLot, today: IsoDate) {
  const { option, exit, quantity, marketValue } = lot
  const basis = exit?.date ?? today
  const closed = (quantity < 0n ? 0n - quantity : quantity) as typeof quantity
  return {
    symbol: lot.symbol,
    position_type: lot.positionType,
    investment_class: lot.investmentClass,
    investment_subtype: lot.investmentSubtype,
    quantity: formatMicros(quantity),
    entry_price: formatMicros(lot.entryPrice),
    entry_date: lot.entryDate,
    quantity_basis_date: basis,
    underlying_symbol: option?.underlying ?? null,
    strike_price: option === null ? null : formatMicros(option.strike),
    expiration_date: option?.expiration ?? null,
    market_value: marketValue === null ? null : formatCents(marketValue),
    ...(exit === null
      ? {}
      : {
          exit_price: formatMicros(exit.price),
          exit_date: exit.date,
          quantity_closed: formatMicros(closed),
          realized_pnl: formatCents(realizedPnlOf(lot, exit, closed)),
        }),
  }
}

function realizedPnlOf(
  { symbol, investmentClass, quantity, entryPrice, entryDate, option }: NewLot,
  exit: NonNullable<NewLot['exit']>,
  quantityClosed: NewLot['quantity'],
) {
  const event: RealizedEvent = {
    tradeDate: exit.date,
    quantityClosed,
    exitPrice: exit.price,
    reason: 'trade',
  }
  const lot: Lot = {
    id: symbol,
    symbol,
    investmentClass,
    quantity,
    entryPrice,
    entryDate,
    quantityBasisDate: exit.date,
    underlyingSymbol: option?.underlying ?? null,
    enteredValue: null,
    recognition: null,
    events: [event],
    valuations: [],
  }
  return realizedPnl(lot, event, () => NO_HISTORY)
}
