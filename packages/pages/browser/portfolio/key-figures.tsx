import type { ComponentChildren } from 'preact'
import type { Overview } from '../api/contracts.ts'
import { money, number, percent, signedMoney, signedPercent } from '../format/numbers.ts'
import { reasonWords } from '../format/words.ts'
import { Signed } from '../ui/signed.tsx'

const TRENDS: Readonly<Record<string, string>> = {
  increasing: '↗ rising',
  decreasing: '↘ falling',
  stable: '→ steady',
}

/** Value and P&L, large; then what the book looks like. */
export function KeyFigures({ overview }: { readonly overview: Overview }) {
  const { daily_pnl: day, cumulative_pnl: total, unavailable } = overview
  return (
    <dl class="key-figures">
      <Figure name="Value" isMain note={`of which ${money(overview.cash_value)} cash`}>
        {money(overview.net_asset_value)}
      </Figure>
      <Figure name="Day P&L" isMain note={signedPercent(overview.daily_return)}>
        <Signed value={day} text={signedMoney(day)} />
      </Figure>
      <Figure
        name="Total P&L"
        isMain
        note={`of which ${signedMoney(overview.unrealized_pnl)} unrealised`}
      >
        <Signed value={total} text={signedMoney(total)} />
      </Figure>
      <Figure name="Long" note={shareOf(overview.long_value, overview.equity_balance)}>
        {money(overview.long_value)}
      </Figure>
      <Figure name="Short" note={shareOf(overview.short_value, overview.equity_balance)}>
        {money(overview.short_value)}
      </Figure>
      <Figure name="Net exposure" note={shareOf(overview.net_exposure, overview.equity_balance)}>
        {money(overview.net_exposure)}
      </Figure>
      <Figure
        name="Expected volatility"
        note={noteOf(
          overview.expected_volatility_21d,
          unavailable['volatility'],
          () => `a year; ${TRENDS[overview.volatility_trend ?? ''] ?? 'no trend known'}`,
        )}
      >
        {percent(overview.expected_volatility_21d)}
      </Figure>
      <Figure
        name="Beta to SPY, 90 days"
        note={noteOf(
          overview.beta_calculated_90d,
          unavailable['beta'],
          () => `R² ${number(overview.beta_calculated_90d_r_squared, 2)}`,
        )}
      >
        {number(overview.beta_calculated_90d, 2)}
      </Figure>
    </dl>
  )
}

function Figure({
  name,
  note,
  isMain = false,
  children,
}: {
  readonly name: string
  readonly note: string
  readonly isMain?: boolean
  readonly children: ComponentChildren
}) {
  return (
    <div class={isMain ? 'main-figure' : undefined}>
      <dt>{name}</dt>
      <dd class="figure">{children}</dd>
      <dd class="fine">{note}</dd>
    </div>
  )
}

function shareOf(amount: number, equity: number): string {
  return equity > 0 ? `${percent(amount / equity)} of equity` : 'equity is not positive'
}

/** A figure that is missing says why. */
function noteOf(value: number | null, reason: string | undefined, words: () => string): string {
  if (value !== null) return words()
  return `Not available: ${reasonWords(reason ?? 'not_calculated')}`
}
