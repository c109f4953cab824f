import { axisX, barX, gridX, plot, ruleX, ruleY, text } from '@observablehq/plot'
import { useCallback } from 'preact/hooks'
import { Chart } from './chart.tsx'
import { PLOT_STYLE } from './plot-style.ts'

/** A row: a name and its figure in words over a bar from zero. */
export interface BarRow {
  readonly key: string
  readonly name: string
  /** To the right of the name. */
  readonly figure: string
  /** Beside the bar, where there is no bar. */
  readonly note?: string
  readonly value: number
  /** Half the width of the band around the value; null = not known. */
  readonly band: number | null
}

const ROW_HEIGHT = 38
const AXIS_HEIGHT = 26
const BAR = { top: 19, bottom: 7 }
/** Room for the halves of the outermost labels of the axis; names and figures reach into it. */
const MARGIN = 24
const TICK_WIDTH = 80

/** Bars from zero with their bands, one under the other. */
export function BarRows({
  rows,
  summary,
  tick,
}: {
  /** Keep it the same while it is. */
  readonly rows: readonly BarRow[]
  readonly summary: string
  /** A value on the axis. */
  readonly tick: (value: number) => string
}) {
  const draw = useCallback((width: number) => drawRows(rows, { width, tick }), [rows, tick])
  return <Chart draw={draw} summary={summary} minHeight={rows.length * ROW_HEIGHT + AXIS_HEIGHT} />
}

function drawRows(
  rows: readonly BarRow[],
  { width, tick }: { readonly width: number; readonly tick: (value: number) => string },
): Element {
  const banded = rows.filter(({ band }) => band !== null && band > 0)
  const height = rows.length * ROW_HEIGHT + AXIS_HEIGHT
  const middle = (BAR.top - BAR.bottom) / 2
  const ticks = Math.max(2, Math.min(5, Math.floor(width / TICK_WIDTH)))
  const ink = { fill: 'currentColor', stroke: 'var(--surface)', strokeWidth: 4 } as const
  const atLeft = { frameAnchor: 'left', textAnchor: 'start', dx: -MARGIN } as const
  const atRight = { frameAnchor: 'right', textAnchor: 'end', dx: MARGIN } as const
  const beside = { y: 'key', text: 'note', dy: middle, ...ink, fill: 'var(--muted)' } as const
  return plot({
    width,
    height,
    marginTop: 0,
    marginBottom: AXIS_HEIGHT,
    marginLeft: MARGIN,
    marginRight: MARGIN,
    style: PLOT_STYLE,
    x: { nice: true, domain: domainOf(rows), label: null },
    y: { axis: null, domain: rows.map(({ key }) => key), padding: 0 },
    marks: [
      gridX({ ticks, stroke: 'var(--line)', strokeOpacity: 1 }),
      axisX({ ticks, tickFormat: tick, tickSize: 0, fill: 'var(--muted)' }),
      barX(rows, {
        y: 'key',
        x1: 0,
        x2: 'value',
        insetTop: BAR.top,
        insetBottom: BAR.bottom,
        rx: 1,
        fill: ({ value }: BarRow) => (value < 0 ? 'var(--loss-fill)' : 'var(--gain-fill)'),
      }),
      ruleX([0], { stroke: 'var(--ink)', strokeOpacity: 0.7 }),
      ruleY(banded, {
        y: 'key',
        x1: ({ value, band }: BarRow) => value - (band ?? 0),
        x2: ({ value, band }: BarRow) => value + (band ?? 0),
        dy: middle,
        stroke: 'var(--ink)',
        strokeWidth: 1.5,
        marker: 'tick',
      }),
      text(rows, { y: 'key', text: 'name', dy: -9, ...ink, ...atLeft }),
      text(rows, {
        y: 'key',
        text: 'figure',
        dy: -9,
        fontVariant: 'tabular-nums',
        ...ink,
        ...atRight,
      }),
      text(
        rows.filter(({ value }) => value >= 0),
        { ...beside, ...atLeft },
      ),
      text(
        rows.filter(({ value }) => value < 0),
        { ...beside, ...atRight },
      ),
    ],
  })
}

/** Everything drawn, and zero. */
function domainOf(rows: readonly BarRow[]): [number, number] {
  const ends = rows.flatMap(({ value, band }) => [value - (band ?? 0), value + (band ?? 0)])
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)]
  return low === high ? [-1, 1] : [low, high]
}
