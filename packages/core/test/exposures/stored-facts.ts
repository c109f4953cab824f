import { sql } from 'kysely'
import type { Database } from '../../src/database/index.ts'
import type { Lot } from '../../src/pnl/index.ts'
import { formatMicros } from '../../src/pnl/index.ts'

/** Inserts a portfolio as a user would have made it; its id. */
export async function insertPortfolio({ db }: Database, name: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    with owner as (
      insert into users (email, password_hash, full_name) values (${name} || '@example.com', 'x', ${name})
      returning id
    )
    insert into portfolios (user_id, name, account_name, account_type, equity_balance, initial_equity)
    select id, ${name}, ${name}, 'taxable', 10000, 10000 from owner returning id
  `.execute(db)
  return rows[0]?.id ?? ''
}

/** Inserts a lot; its id. */
export async function insertLot({ db }: Database, portfolioId: string, lot: Lot): Promise<string> {
  const isShort = lot.quantity < 0n
  const type =
    lot.investmentClass === 'OPTIONS' ? (isShort ? 'SC' : 'LC') : isShort ? 'SHORT' : 'LONG'
  const { rows } = await sql<{ id: string }>`
    insert into positions (portfolio_id, symbol, position_type, investment_class, quantity, entry_price,
                           entry_date, quantity_basis_date, underlying_symbol)
    values (${portfolioId}, ${lot.symbol}, ${type}, ${lot.investmentClass}, ${formatMicros(lot.quantity)},
            ${formatMicros(lot.entryPrice)}, ${lot.entryDate}, ${lot.quantityBasisDate}, ${lot.underlyingSymbol})
    returning id
  `.execute(db)
  const id = rows[0]?.id ?? ''
  for (const event of lot.events) {
    await sql`
      insert into position_realized_events (position_id, portfolio_id, trade_date, quantity_closed, exit_price)
      values (${id}, ${portfolioId}, ${event.tradeDate}, ${formatMicros(event.quantityClosed)},
              ${formatMicros(event.exitPrice)})
    `.execute(db)
  }
  return id
}

export interface StoredBeta {
  readonly symbol: string
  readonly factor: string
  readonly beta: number
  readonly stdError: number | null
}

/** Inserts betas of a date. */
export async function insertBetas(
  { db }: Database,
  date: string,
  betas: readonly StoredBeta[],
): Promise<void> {
  await sql`
    insert into symbol_factor_exposures (symbol, factor_id, calculation_date, beta_value, std_error, r_squared,
                                         observations, calculation_method, regression_window_days)
    select b.symbol, d.id, ${date}, b.beta, b."stdError", 0.5, 90, d.calculation_method, d.window_days
    from jsonb_to_recordset(${JSON.stringify(betas)}::jsonb)
      as b (symbol text, factor text, beta double precision, "stdError" double precision)
    join factor_definitions d on d.name = b.factor
  `.execute(db)
}

/** The stored exposures of a date by portfolio and factor name. */
export async function storedExposures({ db }: Database, date: string) {
  const { rows } = await sql<{
    portfolio: string
    factor: string
    value: number | null
    dollars: string
    stdError: number | null
    coverage: number | null
  }>`
    select p.name as portfolio, d.name as factor, e.exposure_value as value, e.exposure_dollar as dollars,
           e.std_error as "stdError", e.coverage_pct as coverage
    from factor_exposures e
    join portfolios p on p.id = e.portfolio_id
    join factor_definitions d on d.id = e.factor_id
    where e.calculation_date = ${date}
    order by p.name, d.display_order
  `.execute(db)
  return rows
}

export const MARKET = 'Market Beta (90D)'
export const PROVIDER = 'Provider Beta (1Y)'
