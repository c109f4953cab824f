import { sql, type RawBuilder } from 'kysely'
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
export async function insertPortfolio(
  { db }: Transaction,
  { userId, portfolio, equityAsOf, ...lots }: PortfolioEntry,
): Promise<string> {
  const equity = formatCents(portfolio.equity)
  const { name, accountName, accountType, description } = portfolio
  try {
    return await insertRows(
      db,
      sql`
        insert into portfolios
          (user_id, name, account_name, account_type, description, equity_balance, initial_equity,
           equity_as_of)
        values (${userId}, ${name}, ${accountName}, ${accountType}, ${description}, ${equity},
                ${equity}, ${equityAsOf})
        returning id
      `,
      lots,
    )
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
  entry: LotsEntry,
): Promise<void> {
  await insertRows(db, sql`select ${portfolioId}::uuid as id`, entry)
}

type LotsEntry = Pick<PortfolioEntry, 'lots' | 'today'>

/**
 * One statement for everything.
 *
 * @param portfolio a statement that answers with the id of the portfolio that the lots are of
 */
async function insertRows(
  db: Transaction['db'],
  portfolio: RawBuilder<unknown>,
  { lots, today }: LotsEntry,
): Promise<string> {
  const lotRows = JSON.stringify(lots.map((lot) => lotRow(lot, today)))
  const { rows } = await sql<{ id: string }>`
    with portfolio (portfolio_id) as (${portfolio}),
    rows as materialized (
      select gen_random_uuid() as id, r.*
      from jsonb_to_recordset(${lotRows}::jsonb) as r (
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
      select id, portfolio_id, symbol, position_type, investment_class, investment_subtype,
             quantity, entry_price, entry_date, quantity_basis_date, underlying_symbol, strike_price,
             expiration_date, exit_price, exit_date, market_value
      from rows cross join portfolio
    ),
    sales as (
      insert into position_realized_events
        (position_id, portfolio_id, trade_date, quantity_closed, exit_price, realized_pnl)
      select id, portfolio_id, exit_date, quantity_closed, exit_price, realized_pnl
      from rows cross join portfolio where exit_date is not null
    )
    select portfolio_id as id from portfolio
  `.execute(db)
  return rows[0]?.id ?? ''
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
