import {
  areaY,
  axisX,
  axisY,
  dot,
  gridY,
  lineY,
  plot,
  pointerX,
  ruleX,
  ruleY,
  tip,
} from '@observablehq/plot'
import { useCallback } from 'preact/hooks'
import { percent, shortMoney, signedMoney, signedPercent, money } from '../format/numbers.ts'
import { dayOf, longDate } from '../format/times.ts'
import { Chart } from './chart.tsx'
import { PLOT_STYLE } from './plot-style.ts'

/** A session of the curve. */
export interface CurvePoint {
  readonly date: string
  readonly value: number
  readonly dailyPnl: number | null
  readonly dailyReturn: number | null
  /** Money that came or left, dollars. */
  readonly flow: number
  /** A fraction, at most 0. */
  readonly drawdown: number
}

interface PlacedPoint extends CurvePoint {
  readonly day: Date
}

const HEIGHT = { value: 240, drawdown: 122 }
const MARGIN = { marginLeft: 62, marginRight: 12 }

/** What the portfolio was worth, and below it how far it was from its best. */
export function EquityChart({
  points,
  summary,
}: {
  /** Keep it the same while it is. */
  readonly points: readonly CurvePoint[]
  readonly summary: string
}) {
  const draw = useCallback(
    (width: number) => {
      const placed = points.map((point): PlacedPoint => ({ ...point, day: dayOf(point.date) }))
      return [drawValue(placed, width), drawDrawdown(placed, width)]
    },
    [points],
  )
  return <Chart draw={draw} summary={summary} minHeight={HEIGHT.value + HEIGHT.drawdown} />
}

function drawValue(points: readonly PlacedPoint[], width: number): Element {
  const atPointer = pointerX({ x: 'day', y: 'value' })
  return plot({
    ...MARGIN,
    width,
    height: HEIGHT.value,
    marginBottom: 10,
    style: PLOT_STYLE,
    x: { type: 'utc', axis: null },
    y: { nice: true, zero: false },
    marks: [
      gridY({ ticks: 5, stroke: 'var(--line)', strokeOpacity: 1 }),
      axisY({ ticks: 5, tickFormat: shortMoney, tickSize: 0, label: null, fill: 'var(--muted)' }),
      lineY(points, { x: 'day', y: 'value', stroke: 'var(--accent)', strokeWidth: 2 }),
      dot(
        points.filter(({ flow }) => flow !== 0),
        {
          x: 'day',
          y: 'value',
          symbol: 'diamond',
          r: 4,
          fill: 'var(--surface)',
          stroke: 'var(--accent)',
          strokeWidth: 1.5,
        },
      ),
      ruleX(points, { ...pointerX({ x: 'day' }), stroke: 'var(--muted)' }),
      dot(points, { ...atPointer, fill: 'var(--accent)', r: 4 }),
      tip(points, {
        ...atPointer,
        title: words,
        fontSize: 12,
        stroke: 'var(--line)',
        anchor: 'bottom',
        preferredAnchor: 'bottom-left',
      }),
    ],
  })
}

function drawDrawdown(points: readonly PlacedPoint[], width: number): Element {
  const lowest = Math.min(-0.01, ...points.map(({ drawdown }) => drawdown))
  return plot({
    ...MARGIN,
    width,
    height: HEIGHT.drawdown,
    marginTop: 8,
    marginBottom: 36,
    style: PLOT_STYLE,
    x: { type: 'utc', label: null },
    y: { domain: [lowest, 0], nice: true },
    marks: [
      gridY({ ticks: 3, stroke: 'var(--line)', strokeOpacity: 1 }),
      axisY({
        ticks: 3,
        tickFormat: (value: number) => percent(value, lowest > -0.05 ? 1 : 0),
        tickSize: 0,
        label: null,
        fill: 'var(--muted)',
      }),
      axisX({
        ticks: Math.max(2, Math.floor(width / 110)),
        tickSize: 0,
        label: null,
        fill: 'var(--muted)',
      }),
      areaY(points, { x: 'day', y: 'drawdown', fill: 'var(--loss-fill)', fillOpacity: 0.35 }),
      lineY(points, { x: 'day', y: 'drawdown', stroke: 'var(--loss-fill)', strokeWidth: 1.5 }),
      ruleY([0], { stroke: 'var(--muted)' }),
      ruleX(points, { ...pointerX({ x: 'day' }), stroke: 'var(--muted)' }),
    ],
  })
}

function words({ date, value, dailyPnl, dailyReturn, flow, drawdown }: PlacedPoint): string {
  const day =
    dailyPnl === null ? [] : [`Day ${signedMoney(dailyPnl)} (${signedPercent(dailyReturn)})`]
  const moved =
    flow === 0 ? [] : [`${flow > 0 ? 'Contributed' : 'Withdrawn'} ${money(Math.abs(flow))}`]
  const below = drawdown === 0 ? 'At its best' : `${percent(drawdown)} from its best`
  return [longDate(date), money(value), ...day, ...moved, below].join('\n')
}
