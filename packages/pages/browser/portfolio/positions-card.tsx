import { useState } from 'preact/hooks'
import type { OnboardingStatus, Position } from '../api/contracts.ts'
import { useApi } from '../api/use-api.ts'
import { count, number } from '../format/numbers.ts'
import { Answered, Card, Nothing } from '../ui/card.tsx'
import { PositionRow } from './position-row.tsx'
import { COLUMNS, sortPositions, type ColumnKey, type Order } from './sort-positions.ts'

/** More rows than this are shown when they are asked for. */
const FIRST_ROWS = 100

export function PositionsCard({
  id,
  version,
  status,
}: {
  readonly id: string
  readonly version: string | null
  readonly status: OnboardingStatus | null
}) {
  const pending = status?.pending_symbols.join() ?? ''
  const query = useApi<{ readonly positions: readonly Position[] }>(`/portfolios/${id}/positions`, {
    version: `${version ?? ''} ${pending}`,
  })
  const open = query.data?.positions.filter(({ open_quantity: left }) => left !== 0) ?? []
  return (
    <Card title="Positions" note={query.data === null ? undefined : count(open.length, 'open lot')}>
      <Answered query={query} what="The positions" lines={8}>
        {({ positions }) =>
          open.length === 0 ? (
            <Nothing>
              {positions.length === 0
                ? 'There are no positions: all of the equity is cash.'
                : 'Every position has been closed: all of the equity is cash.'}
            </Nothing>
          ) : (
            <Positions positions={open} />
          )
        }
      </Answered>
    </Card>
  )
}

function Positions({ positions }: { readonly positions: readonly Position[] }) {
  const [order, setOrder] = useState<Order>({ column: 'value', isDescending: true })
  const [isAll, setAll] = useState(false)
  const sorted = sortPositions(positions, order)
  const shown = isAll ? sorted : sorted.slice(0, FIRST_ROWS)
  const sortBy = (column: ColumnKey) => {
    const isSame = order.column === column
    setOrder({ column, isDescending: isSame ? !order.isDescending : column !== 'symbol' })
  }
  return (
    <>
      <table class="cards" role="table" aria-label="Open positions">
        <thead role="rowgroup">
          <tr role="row">
            {COLUMNS.map(({ key, name, isFigure }) => (
              <th
                key={key}
                role="columnheader"
                scope="col"
                class={isFigure ? 'figure' : undefined}
                aria-sort={sortOf(order, key)}
              >
                <button
                  type="button"
                  class="sort"
                  onClick={() => {
                    sortBy(key)
                  }}
                >
                  {name}
                  <span aria-hidden="true">{arrowOf(order, key)}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {shown.map((position) => (
            <PositionRow key={position.id} position={position} />
          ))}
        </tbody>
      </table>
      {sorted.length > shown.length && (
        <button
          type="button"
          onClick={() => {
            setAll(true)
          }}
        >
          Show all {number(sorted.length)} positions
        </button>
      )}
    </>
  )
}

function sortOf({ column, isDescending }: Order, key: ColumnKey) {
  if (column !== key) return undefined
  return isDescending ? 'descending' : 'ascending'
}

function arrowOf({ column, isDescending }: Order, key: ColumnKey): string {
  if (column !== key) return ' ↕'
  return isDescending ? ' ↓' : ' ↑'
}
