import type { Position } from '../api/contracts.ts'
import { money, NONE, price, quantity, signedMoney, signedPercent } from '../format/numbers.ts'
import { shortDate } from '../format/times.ts'
import { reasonWords } from '../format/words.ts'
import { Badge } from '../ui/badge.tsx'
import { Signed } from '../ui/signed.tsx'

const TYPES: Readonly<Record<Position['position_type'], string>> = {
  LONG: 'Long',
  SHORT: 'Short',
  LC: 'Long call',
  LP: 'Long put',
  SC: 'Short call',
  SP: 'Short put',
}

/** A lot. On a narrow screen its cells stand under each other, each with its column's name. */
export function PositionRow({ position }: { readonly position: Position }) {
  const { last_price: last, last_price_date: date, unrealized_pnl: pnl } = position
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <span class="symbol">{position.symbol}</span>
        <span class="fine">
          {TYPES[position.position_type]}
          {position.investment_class === 'PRIVATE' && ' · private'}
          {position.company_name !== null && ` · ${position.company_name}`}
        </span>
      </th>
      <td role="cell" class="figure" data-label="Quantity">
        {quantity(position.open_quantity)}
        <span class="fine">
          at {price(position.entry_price)}, {shortDate(position.entry_date)}
        </span>
      </td>
      <td role="cell" class="figure" data-label="Price">
        {price(last)}
        {date !== null && <span class="fine">{shortDate(date)}</span>}
      </td>
      <td role="cell" class="figure" data-label="Value">
        {money(position.market_value)}
      </td>
      <td role="cell" class="figure" data-label="Unrealised P&L">
        <Signed value={pnl} text={signedMoney(pnl)} />
        <span class="fine">{shareOf(position)}</span>
      </td>
      <td role="cell" data-label="Data">
        <DataStatus position={position} />
      </td>
    </tr>
  )
}

/** Of what was paid for the lot, or received. */
function shareOf({ market_value: value, unrealized_pnl: pnl }: Position): string {
  if (value === null || pnl === null) return ''
  const cost = Math.abs(value - pnl)
  return cost === 0 ? NONE : signedPercent(pnl / cost, 1)
}

function DataStatus({ position }: { readonly position: Position }) {
  const { dataStatus, price_status: status, error } = position
  switch (dataStatus) {
    case 'pending':
      return <Badge tone="busy">being fetched</Badge>
    case 'unavailable':
      return (
        <>
          <Badge tone="critical">no price</Badge>
          <span class="fine">{reasonWords(error)}</span>
        </>
      )
    case 'available':
      if (status === 'stale') return <Badge tone="warning">older price</Badge>
      return <Badge tone="good">{status === 'manual' ? 'as valued by you' : 'current'}</Badge>
  }
}
