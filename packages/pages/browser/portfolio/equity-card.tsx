import { useMemo, useState } from 'preact/hooks'
import type { Snapshot } from '../api/contracts.ts'
import { useApi } from '../api/use-api.ts'
import { drawdowns } from '../charts/drawdown.ts'
import { EquityChart, type CurvePoint } from '../charts/equity-chart.tsx'
import { NumbersTable } from '../charts/numbers-table.tsx'
import { count, money, percent, signedMoney, signedPercent } from '../format/numbers.ts'
import { longDate, shortDate } from '../format/times.ts'
import { Answered, Card, Nothing } from '../ui/card.tsx'

/** How many of the newest sessions are drawn. */
const RANGES = [
  { name: '1 month', sessions: 21 },
  { name: '3 months', sessions: 63 },
  { name: '1 year', sessions: 252 },
  { name: 'All', sessions: Infinity },
] as const
const LISTED_SESSIONS = 30

export function EquityCard({
  id,
  version,
}: {
  readonly id: string
  readonly version: string | null
}) {
  const [sessions, setSessions] = useState<number>(Infinity)
  const query = useApi<{ readonly snapshots: readonly Snapshot[] }>(`/portfolios/${id}/snapshots`, {
    version,
  })
  const actions = (
    <div class="choice" role="group" aria-label="How much of the history is shown">
      {RANGES.map((range) => (
        <button
          key={range.name}
          type="button"
          class="small"
          aria-pressed={range.sessions === sessions}
          onClick={() => {
            setSessions(range.sessions)
          }}
        >
          {range.name}
        </button>
      ))}
    </div>
  )
  return (
    <Card title="Equity and drawdown" wide actions={actions}>
      <Answered query={query} what="The history" lines={8}>
        {({ snapshots }) => <Curve snapshots={snapshots} sessions={sessions} />}
      </Answered>
    </Card>
  )
}

function Curve({
  snapshots,
  sessions,
}: {
  readonly snapshots: readonly Snapshot[]
  readonly sessions: number
}) {
  const points = useMemo(
    () => pointsOf(snapshots).slice(-Math.min(sessions, snapshots.length)),
    [snapshots, sessions],
  )
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) {
    return <Nothing>No session has been valued yet. The curve begins with the first one.</Nothing>
  }
  if (points.length === 1) {
    return (
      <Nothing>
        One session so far, {longDate(first.date)}: {money(first.value)}. The curve grows every
        night.
      </Nothing>
    )
  }
  return (
    <>
      <EquityChart points={points} summary={summaryOf(points, first, last)} />
      <p class="legend">
        Above: equity in dollars{points.some(({ flow }) => flow !== 0) && ', ◇ money in or out'}.
        Below: fall from the best day so far, of linked daily returns.
      </p>
      <NumbersTable
        caption="The last sessions in numbers"
        columns={['Session', 'Equity', 'Day P&L', 'Return', 'Drawdown']}
        rows={points
          .slice(-LISTED_SESSIONS)
          .reverse()
          .map((point) => [
            shortDate(point.date),
            money(point.value),
            signedMoney(point.dailyPnl),
            signedPercent(point.dailyReturn),
            percent(point.drawdown),
          ])}
      />
    </>
  )
}

function pointsOf(snapshots: readonly Snapshot[]): readonly CurvePoint[] {
  const below = drawdowns(snapshots)
  return snapshots.flatMap((snapshot, index): readonly CurvePoint[] => {
    const { snapshot_date: date, equity_balance: value } = snapshot
    if (value === null) return []
    return [
      {
        date,
        value,
        dailyPnl: snapshot.daily_pnl,
        dailyReturn: snapshot.daily_return,
        flow: snapshot.daily_capital_flow ?? 0,
        drawdown: below[index] ?? 0,
      },
    ]
  })
}

function summaryOf(points: readonly CurvePoint[], first: CurvePoint, last: CurvePoint): string {
  const lowest = Math.min(...points.map(({ drawdown }) => drawdown))
  return (
    `Equity over ${count(points.length, 'session')}, from ${money(first.value)} on ${longDate(first.date)} ` +
    `to ${money(last.value)} on ${longDate(last.date)}; largest drawdown ${percent(lowest)}.`
  )
}
