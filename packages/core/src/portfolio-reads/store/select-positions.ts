import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type {
  InvestmentClass,
  PositionType,
  PriceStatus,
} from '../../database/tables/portfolio-tables.ts'
import type { Ticker } from '../../symbols/index.ts'
import { dataStatusOf, type DataStatus } from '../data-status.ts'

/** A lot as its owner sees it. Amounts are decimal text; marks are those of the latest snapshot. */
export interface PositionRow {
  readonly id: string
  readonly symbol: Ticker
  readonly company_name: string | null
  readonly position_type: PositionType
  readonly investment_class: InvestmentClass
  readonly investment_subtype: string | null
  /** As entered, on the shares of `quantity_basis_date`. */
  readonly quantity: string
  /** On today's shares, less what was closed. */
  readonly open_quantity: string
  readonly entry_price: string
  readonly entry_date: IsoDate
  readonly quantity_basis_date: IsoDate
  readonly underlying_symbol: Ticker | null
  readonly strike_price: string | null
  readonly expiration_date: IsoDate | null
  readonly exit_price: string | null
  readonly exit_date: IsoDate | null
  readonly last_price: string | null
  readonly last_price_date: IsoDate | null
  readonly price_status: PriceStatus | null
  readonly market_value: string | null
  readonly unrealized_pnl: string | null
  readonly realized_pnl: string | null
  readonly notes: string | null
  readonly created_at: Date
  readonly data_status: DataStatus
  /** Why there is no price, as far as providers have said; null where there is one. */
  readonly error: string | null
}

type StoredRow = Omit<PositionRow, 'data_status' | 'error'> & {
  readonly is_pending: boolean
  readonly last_error: string | null
  readonly failures: number
}

/** The undeleted lots of a portfolio, open and closed, by symbol and entry; or the one that is asked for. */
export async function selectPositions(
  db: Kysely<Tables>,
  portfolioId: string,
  options: { readonly positionId: string | null; readonly today: IsoDate },
): Promise<readonly PositionRow[]> {
  const { positionId, today } = options
  const { rows } = await sql<StoredRow>`
    select p.id, p.symbol, c.company_name, p.position_type, p.investment_class,
           p.investment_subtype, p.quantity, p.entry_price, p.entry_date, p.quantity_basis_date,
           position_open_quantity(p.id, ${today}) as open_quantity,
           p.underlying_symbol, p.strike_price, p.expiration_date, p.exit_price, p.exit_date,
           p.last_price, p.last_price_date, p.price_status, p.market_value, p.unrealized_pnl,
           p.realized_pnl, p.notes, p.created_at, u.last_error,
           coalesce(u.consecutive_failures, 0) as failures,
           p.investment_class <> 'PRIVATE' and coalesce(u.consecutive_failures, 0) = 0
             and not exists (select from market_data_cache m where m.symbol = p.symbol) as is_pending
    from positions p
    left join symbol_universe u on u.symbol = p.symbol
    left join company_profiles c on c.symbol = p.symbol
    where p.portfolio_id = ${portfolioId} and p.deleted_at is null
      and (${positionId}::uuid is null or p.id = ${positionId})
    order by p.symbol, p.entry_date, p.id
  `.execute(db)
  return rows.map(({ is_pending: isPending, last_error, failures, ...row }) => {
    const hasFailed = failures > 0
    const data_status = dataStatusOf(row.price_status, { isPending, hasFailed })
    const error = data_status === 'unavailable' ? (last_error ?? NO_PRICE) : null
    return { ...row, data_status, error }
  })
}

const NO_PRICE = 'no_price_data'
