import type { Position } from '../api/contracts.ts'

export type ColumnKey = 'symbol' | 'quantity' | 'price' | 'value' | 'pnl' | 'status'

export interface Order {
  readonly column: ColumnKey
  readonly isDescending: boolean
}

export const COLUMNS: readonly {
  readonly key: ColumnKey
  readonly name: string
  readonly isFigure: boolean
}[] = [
  { key: 'symbol', name: 'Position', isFigure: false },
  { key: 'quantity', name: 'Quantity', isFigure: true },
  { key: 'price', name: 'Price', isFigure: true },
  { key: 'value', name: 'Value', isFigure: true },
  { key: 'pnl', name: 'Unrealised P&L', isFigure: true },
  { key: 'status', name: 'Data', isFigure: false },
]

/** What needs a look comes first. */
const STATUS_RANK = { unavailable: 2, pending: 1, available: 0 } as const

/** Values by their size, so that a large short stands beside a large long. Unknown figures come last. */
export function sortPositions(
  positions: readonly Position[],
  { column, isDescending }: Order,
): readonly Position[] {
  const sign = isDescending ? -1 : 1
  return positions.toSorted((a, b) => {
    const [one, other] = [keyOf(a, column), keyOf(b, column)]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    if (one === other) return a.symbol < b.symbol ? -1 : 1
    return sign * (one < other ? -1 : 1)
  })
}

function keyOf(position: Position, column: ColumnKey): string | number | null {
  switch (column) {
    case 'symbol':
      return position.symbol
    case 'quantity':
      return position.open_quantity
    case 'price':
      return position.last_price
    case 'value':
      return position.market_value === null ? null : Math.abs(position.market_value)
    case 'pnl':
      return position.unrealized_pnl
    case 'status':
      return STATUS_RANK[position.dataStatus] * 10 + (position.price_status === 'stale' ? 1 : 0)
  }
}
