import type { Insertable } from 'kysely'
import { sessionsBack } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Tables } from '../database/index.ts'
import type { Ticker } from '../symbols/ticker.ts'
import { demoId } from './demo-id.ts'
import type {
  DemoFlow,
  DemoHolding,
  DemoOption,
  DemoPortfolio,
  DemoPrivateHolding,
} from './demo-portfolio.ts'
import { SNAPSHOT_SESSIONS } from './demo-portfolios.ts'
import { halfClosed } from './half-closed.ts'
import { listedContract } from './listed-contract.ts'
import type { Quotes } from './quotes.ts'

/** The rows of a demo portfolio. */
export interface PlannedPortfolio {
  readonly portfolio: Insertable<Tables['portfolios']> & { readonly id: string }
  readonly positions: readonly Insertable<Tables['positions']>[]
  readonly events: readonly Insertable<Tables['position_realized_events']>[]
  readonly valuations: readonly Insertable<Tables['position_valuations']>[]
  readonly flows: readonly Insertable<Tables['equity_changes']>[]
}

/** One lot with what belongs to it. */
interface PlannedLot {
  readonly position: Insertable<Tables['positions']>
  readonly events?: PlannedPortfolio['events']
  readonly valuations?: PlannedPortfolio['valuations']
  /** Absolute market value on the first snapshot, in dollars; 0 when entered later. */
  readonly exposure: number
}

export interface DemoFrame {
  readonly userId: string
  readonly effectiveDate: SessionDate
  readonly quotes: Quotes
}

const CONTRACT_SIZE = 100
/** Initial equity is what somebody would type. */
const EQUITY_STEP = 1000
/** Lots of a hundred shares and more are bought in tens. */
const ROUND_LOT = 100
const ROUND_LOT_STEP = 10

/**
 * Turns a demo portfolio into rows: quantities from dollars and the close of the entry date, entry prices
 * from that close, strikes near the price of the underlying, and an initial equity that gives the wanted
 * gross exposure on the first snapshot.
 */
export async function planDemoPortfolio(
  demo: DemoPortfolio,
  frame: DemoFrame,
): Promise<PlannedPortfolio> {
  const id = demoId('portfolio', demo.name)
  const plan = new LotPlanner(id, frame)
  const lots: PlannedLot[] = []
  for (const [i, holding] of demo.holdings.entries()) lots.push(await plan.holding(holding, i))
  for (const [i, option] of demo.options.entries()) lots.push(await plan.option(option, i))
  for (const [i, holding] of demo.privateHoldings.entries()) lots.push(plan.private(holding, i))
  const exposure = lots.reduce((sum, lot) => sum + lot.exposure, 0)
  const initialEquity = Math.round(exposure / demo.leverage / EQUITY_STEP) * EQUITY_STEP
  return {
    portfolio: {
      id,
      user_id: frame.userId,
      name: demo.name,
      account_name: demo.accountName,
      account_type: demo.accountType,
      description: demo.description,
      initial_equity: initialEquity,
      equity_balance: initialEquity,
      equity_as_of: plan.equityAsOf,
    },
    positions: lots.map(({ position }) => position),
    events: lots.flatMap(({ events = [] }) => events),
    valuations: lots.flatMap(({ valuations = [] }) => valuations),
    flows: demo.flows.map((flow, i) => plan.flow(flow, i)),
  }
}

class LotPlanner {
  readonly equityAsOf: SessionDate
  readonly #portfolioId: string
  readonly #frame: DemoFrame

  constructor(portfolioId: string, frame: DemoFrame) {
    this.#portfolioId = portfolioId
    this.#frame = frame
    this.equityAsOf = this.#ago(SNAPSHOT_SESSIONS)
  }

  async holding(holding: DemoHolding, number: number): Promise<PlannedLot> {
    const { quotes } = this.#frame
    const symbol = holding.symbol as Ticker
    const entryDate = this.#ago(holding.sessionsAgo)
    const price = await quotes.closeOn(symbol, entryDate)
    const lot = {
      ...this.#opened('holding', number, entryDate),
      symbol,
      position_type: holding.dollars < 0 ? ('SHORT' as const) : ('LONG' as const),
      investment_class: 'PUBLIC' as const,
      quantity: roundShares(holding.dollars / price),
      entry_price: price,
    }
    const exposure = await this.#exposure(lot, 1)
    if (holding.halfSoldSessionsAgo === undefined) return { position: lot, exposure }
    const sale = await halfClosed(lot, this.#ago(holding.halfSoldSessionsAgo), quotes)
    return { position: lot, events: [sale], exposure }
  }

  async option(option: DemoOption, number: number): Promise<PlannedLot> {
    const { effectiveDate, quotes } = this.#frame
    const entryDate = this.#ago(option.sessionsAgo)
    const spot = await quotes.closeOn(option.underlying as Ticker, entryDate)
    const contract = listedContract(option, spot, effectiveDate)
    const isShort = option.positionType.startsWith('S')
    const lot = {
      ...this.#opened('option', number, entryDate),
      symbol: contract.symbol,
      position_type: option.positionType,
      investment_class: 'OPTIONS' as const,
      quantity: isShort ? -option.contracts : option.contracts,
      entry_price: await quotes.closeOn(contract.symbol, entryDate),
      underlying_symbol: option.underlying as Ticker,
      strike_price: contract.strike,
      expiration_date: contract.expiration,
    }
    return { position: lot, exposure: await this.#exposure(lot, CONTRACT_SIZE) }
  }

  private(holding: DemoPrivateHolding, number: number): PlannedLot {
    const entryDate = this.#ago(holding.sessionsAgo)
    const lot = {
      ...this.#opened('private', number, entryDate),
      symbol: holding.symbol as Ticker,
      position_type: 'LONG' as const,
      investment_class: 'PRIVATE' as const,
      quantity: 1,
      entry_price: holding.cost,
      notes: holding.notes,
    }
    const valuations = holding.valuations.map(({ sessionsAgo, value }) => ({
      id: demoId(lot.id, 'valuation', sessionsAgo),
      position_id: lot.id,
      valuation_date: this.#ago(sessionsAgo),
      market_value: value,
    }))
    const known = valuations.filter((valuation) => valuation.valuation_date <= this.equityAsOf)
    const exposure = known.at(-1)?.market_value ?? holding.cost
    return { position: lot, valuations, exposure }
  }

  flow(flow: DemoFlow, number: number): PlannedPortfolio['flows'][number] {
    return {
      id: demoId(this.#portfolioId, 'flow', number),
      portfolio_id: this.#portfolioId,
      change_type: flow.changeType,
      amount: flow.amount,
      change_date: this.#ago(flow.sessionsAgo),
      notes: flow.notes,
    }
  }

  /** Entered as it was bought: later splits apply to it. */
  #opened(kind: string, number: number, entryDate: SessionDate) {
    return {
      id: demoId(this.#portfolioId, kind, number),
      portfolio_id: this.#portfolioId,
      entry_date: entryDate,
      quantity_basis_date: entryDate,
    }
  }

  async #exposure(
    lot: { symbol: Ticker; quantity: number; entry_date: SessionDate },
    multiplier: number,
  ): Promise<number> {
    if (lot.entry_date > this.equityAsOf) return 0
    const { quotes } = this.#frame
    const shares = await quotes.sharesSince(lot.symbol, lot.entry_date, this.equityAsOf)
    const price = await quotes.closeOn(lot.symbol, this.equityAsOf)
    return Math.abs(lot.quantity * shares * price * multiplier)
  }

  #ago(sessions: number): SessionDate {
    return sessionsBack(this.#frame.effectiveDate, sessions)
  }
}

function roundShares(shares: number): number {
  const step = Math.abs(shares) >= ROUND_LOT ? ROUND_LOT_STEP : 1
  return Math.round(shares / step) * step
}
