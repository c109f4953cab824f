import type { Generated } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import type { Created, Decimal, Id, MissableDecimal, MissableInstant, Mutable } from './columns.ts'

export interface UsersTable extends Mutable {
  id: Id
  email: string
  password_hash: string
  full_name: string
  is_admin: Generated<boolean>
  is_active: Generated<boolean>
}

export interface PortfoliosTable extends Mutable {
  id: Id
  user_id: string
  name: string
  account_name: string
  account_type: string
  description: string | null
  currency: Generated<string>
  /** Rolled: the latest snapshot's equity. */
  equity_balance: Decimal
  /** As entered; never changes. */
  initial_equity: Decimal
  equity_as_of: IsoDate | null
  /** Every lot counts from its entry on, not from the first snapshot on. */
  is_from_inception: Generated<boolean>
  is_active: Generated<boolean>
  deleted_at: MissableInstant
}

export type PositionType = 'LONG' | 'SHORT' | 'LC' | 'LP' | 'SC' | 'SP'
export type InvestmentClass = 'PUBLIC' | 'OPTIONS' | 'PRIVATE'
export type PriceStatus = 'current' | 'stale' | 'missing' | 'manual'

/** One lot. */
export interface PositionsTable extends Mutable {
  id: Id
  portfolio_id: string
  symbol: Ticker
  position_type: PositionType
  investment_class: InvestmentClass
  investment_subtype: string | null
  /** Signed, as opened; never changes. */
  quantity: Decimal
  entry_price: Decimal
  entry_date: IsoDate
  /** Whose share basis quantity and entry price are on. */
  quantity_basis_date: Generated<IsoDate>
  recognition_date: IsoDate | null
  recognition_price: MissableDecimal
  exit_price: MissableDecimal
  exit_date: IsoDate | null
  underlying_symbol: Ticker | null
  strike_price: MissableDecimal
  expiration_date: IsoDate | null
  last_price: MissableDecimal
  last_price_date: IsoDate | null
  price_status: PriceStatus | null
  /** Signed. */
  market_value: MissableDecimal
  /** What a PRIVATE lot's market_value was before a snapshot first wrote a mark over it. */
  entered_market_value: MissableDecimal
  unrealized_pnl: MissableDecimal
  realized_pnl: MissableDecimal
  notes: string | null
  deleted_at: MissableInstant
}

export interface PositionRealizedEventsTable extends Created {
  id: Id
  position_id: string
  portfolio_id: string
  trade_date: IsoDate
  /** Unsigned, on the share basis of the trade date. */
  quantity_closed: Decimal
  exit_price: Decimal
  realized_pnl: MissableDecimal
  reason: Generated<'trade' | 'expiry' | 'assignment'>
}

/** Manual values of PRIVATE lots. */
export interface PositionValuationsTable extends Mutable {
  id: Id
  position_id: string
  valuation_date: IsoDate
  market_value: Decimal
}

export interface EquityChangesTable extends Mutable {
  id: Id
  portfolio_id: string
  change_type: 'CONTRIBUTION' | 'WITHDRAWAL'
  /** Above zero whatever the type. */
  amount: Decimal
  change_date: IsoDate
  notes: string | null
  deleted_at: MissableInstant
}
