import type { SessionDate } from '../../calendar/iso-date.ts'
import { copyUpsert, type Transaction, type UpsertCounts } from '../../database/index.ts'
import type { PortfolioGreeks } from '../portfolio-greeks.ts'

const GREEKS = ['portfolio_delta', 'portfolio_gamma', 'portfolio_theta', 'portfolio_vega']

/** Sets the Greek columns of snapshots of a date that exist; null where a portfolio has none. */
export async function savePortfolioGreeks(
  tx: Transaction,
  date: SessionDate,
  portfolios: readonly {
    readonly portfolioId: string
    readonly sums: PortfolioGreeks | null
  }[],
): Promise<UpsertCounts> {
  return copyUpsert(
    tx,
    {
      table: 'portfolio_snapshots',
      columns: [
        { name: 'portfolio_id', type: 'uuid' },
        { name: 'snapshot_date', type: 'date' },
        ...GREEKS.map((name) => ({ name, type: 'double precision' })),
      ],
      key: ['portfolio_id', 'snapshot_date'],
    },
    portfolios.map(({ portfolioId, sums }) => [
      ...[portfolioId, date, sums?.delta ?? null, sums?.gamma ?? null],
      ...[sums?.theta ?? null, sums?.vega ?? null],
    ]),
  )
}
