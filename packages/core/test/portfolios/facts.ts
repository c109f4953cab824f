import { randomUUID } from 'node:crypto'
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Tables } from '../../src/database/index.ts'

/** A portfolio as its owner enters it. Amounts are decimal text, dates `YYYY-MM-DD`. */
export interface PortfolioFact {
  readonly name: string
  readonly equity: string
  readonly asOf?: string
  readonly lots?: readonly LotFact[]
  readonly flows?: readonly FlowFact[]
}

export interface LotFact {
  readonly symbol: string
  readonly quantity: string
  readonly entry: string
  readonly entryDate: string
  /** The entry date when left out. */
  readonly basis?: string
  readonly investmentClass?: 'PUBLIC' | 'OPTIONS' | 'PRIVATE'
  readonly underlying?: string
  /** What a PRIVATE lot is entered with. */
  readonly marketValue?: string
  /** Tells lots apart that are alike otherwise. */
  readonly notes?: string
  readonly closings?: readonly ClosingFact[]
  readonly valuations?: Readonly<Record<string, string>>
}

export interface ClosingFact {
  readonly date: string
  readonly quantity: string
  readonly price: string
}

export interface FlowFact {
  readonly date: string
  /** Signed: a withdrawal is negative. */
  readonly amount: string
}

/** What happened to a symbol on a date; `close` may be missing where there is an event without a trade. */
export interface BarFact {
  readonly close?: string
  readonly dividend?: string
  readonly split?: string
  /** The evening on which it was fetched; the bar's own day when not said. */
  readonly fetched?: string
}

/** An insert, and those that need it to be there. */
interface Insert {
  readonly statement: RawBuilder<unknown>
  readonly then: readonly Insert[]
}

export interface Facts {
  readonly portfolios: readonly PortfolioFact[]
  /** symbol → date → bar */
  readonly bars: Readonly<Record<string, Readonly<Record<string, BarFact>>>>
  /** symbol → its market beta, the same on each of `betaDates`, with a tenth of it as standard error. */
  readonly betas?: Readonly<Record<string, number>>
  readonly betaDates?: readonly string[]
}

/**
 * Inserts facts one by one, in the order in which `random` picks them (as they stand without it), each
 * after what it belongs to. Ids are new every time.
 */
export async function insertFacts(
  db: Kysely<Tables>,
  userId: string,
  facts: Facts,
  random: () => number = () => 0,
): Promise<void> {
  const open = [
    ...facts.portfolios.map((portfolio) => portfolioInsert(userId, randomUUID(), portfolio)),
    ...Object.entries(facts.bars).flatMap(([symbol, days]) =>
      Object.entries(days).map(([date, bar]) => ({
        statement: barInsert(symbol, date, bar),
        then: [],
      })),
    ),
    ...Object.entries(facts.betas ?? {}).map(([symbol, beta]) => ({
      statement: betaInsert(symbol, beta, facts.betaDates ?? []),
      then: [],
    })),
  ]
  while (open.length > 0) {
    const [next] = open.splice(Math.floor(random() * open.length), 1)
    if (next === undefined) break
    await next.statement.execute(db)
    open.push(...next.then)
  }
}

export function portfolioInsert(userId: string, id: string, fact: PortfolioFact): Insert {
  const { name, equity, asOf = null, lots = [], flows = [] } = fact
  return {
    statement: sql`
      insert into portfolios
        (id, user_id, name, account_name, account_type, equity_balance, initial_equity, equity_as_of)
      values (${id}, ${userId}, ${name}, ${name}, 'taxable', ${equity}, ${equity}, ${asOf})
    `,
    then: [
      ...lots.map((lot) => lotInsert(id, randomUUID(), lot)),
      ...flows.map((flow) => flowInsert(id, flow)),
    ],
  }
}

export function lotInsert(portfolioId: string, id: string, lot: LotFact): Insert {
  const { symbol, quantity, entry, entryDate, basis = entryDate, notes = null } = lot
  const { investmentClass = 'PUBLIC', underlying = null, marketValue = null } = lot
  const type = positionType(lot)
  return {
    statement: sql`
      insert into positions
        (id, portfolio_id, symbol, position_type, investment_class, quantity, entry_price, entry_date,
         quantity_basis_date, underlying_symbol, market_value, notes)
      values (${id}, ${portfolioId}, ${symbol}, ${type}, ${investmentClass}, ${quantity}, ${entry},
              ${entryDate}, ${basis}, ${underlying}, ${marketValue}, ${notes})
    `,
    then: [
      ...(lot.closings ?? []).map((closing) => closingInsert(portfolioId, id, closing)),
      ...Object.entries(lot.valuations ?? {}).map(([date, value]) =>
        valuationInsert(id, date, value),
      ),
    ],
  }
}

function positionType({ symbol, quantity, investmentClass }: LotFact): string {
  const isShort = quantity.startsWith('-')
  if (investmentClass !== 'OPTIONS') return isShort ? 'SHORT' : 'LONG'
  return `${isShort ? 'S' : 'L'}${symbol.at(-9) ?? ''}`
}

export function closingInsert(portfolioId: string, lotId: string, closing: ClosingFact): Insert {
  const { date, quantity, price } = closing
  return {
    statement: sql`
      insert into position_realized_events
        (position_id, portfolio_id, trade_date, quantity_closed, exit_price)
      values (${lotId}, ${portfolioId}, ${date}, ${quantity}, ${price})
    `,
    then: [],
  }
}

export function valuationInsert(lotId: string, date: string, value: string): Insert {
  return {
    statement: sql`
      insert into position_valuations (position_id, valuation_date, market_value)
      values (${lotId}, ${date}, ${value})
    `,
    then: [],
  }
}

export function flowInsert(portfolioId: string, { date, amount }: FlowFact): Insert {
  const type = amount.startsWith('-') ? 'WITHDRAWAL' : 'CONTRIBUTION'
  return {
    statement: sql`
      insert into equity_changes (portfolio_id, change_type, amount, change_date)
      values (${portfolioId}, ${type}, abs(${amount}::numeric), ${date})
    `,
    then: [],
  }
}

/** A bar that is there already is replaced. */
export function barInsert(symbol: string, date: string, bar: BarFact): RawBuilder<unknown> {
  const { close = null, dividend = '0', split = '1', fetched = date } = bar
  return sql`
    insert into market_data_cache
      (symbol, date, close, dividend, split_ratio, data_source, fetched_at)
    values (${symbol}, ${date}, ${close}, ${dividend}, ${split}, 'test',
      (${fetched}::date + time '20:00') at time zone 'UTC')
    on conflict (symbol, date) do update
    set close = excluded.close, dividend = excluded.dividend, split_ratio = excluded.split_ratio,
        fetched_at = excluded.fetched_at
  `
}

/** Rows that are there already stay. */
export function betaInsert(
  symbol: string,
  beta: number,
  dates: readonly string[],
): RawBuilder<unknown> {
  return sql`
    insert into symbol_factor_exposures
      (symbol, factor_id, calculation_date, beta_value, std_error, calculation_method, observations)
    select ${symbol}, d.id, day, ${beta}::float8, ${beta / 10}::float8, d.calculation_method, 90
    from factor_definitions d cross join unnest(${dates}::date[]) as day
    where d.calculation_method = 'ols_market'
    on conflict do nothing
  `
}
