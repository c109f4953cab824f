import { axisX, axisY, cell, plot, pointer, text, tip } from '@observablehq/plot'
import { useCallback } from 'preact/hooks'
import { number, signedNumber } from '../format/numbers.ts'
import { Chart } from './chart.tsx'
import { PLOT_STYLE } from './plot-style.ts'

interface Pair {
  readonly row: string
  readonly column: string
  readonly value: number
}

const LABELS = { left: 66, top: 54 }
const SMALLEST_CELL = 9
const LARGEST_CELL = 48
/** Below this a number does not fit its cell. */
const NUMBERED_CELL = 30

/** Correlations as a square of colours; cells that are large enough say their number. */
export function HeatMap({
  symbols,
  matrix,
  summary,
}: {
  /** Both: keep them the same while they are. */
  readonly symbols: readonly string[]
  readonly matrix: readonly (readonly number[])[]
  readonly summary: string
}) {
  const draw = useCallback(
    (width: number) => drawSquare(pairsOf(symbols, matrix), { symbols, width }),
    [symbols, matrix],
  )
  return <Chart draw={draw} summary={summary} minHeight={Math.min(420, 60 + symbols.length * 30)} />
}

function pairsOf(
  symbols: readonly string[],
  matrix: readonly (readonly number[])[],
): readonly Pair[] {
  return symbols.flatMap((row, i) =>
    symbols.flatMap((column, j): readonly Pair[] => {
      const value = matrix[i]?.[j]
      return value === undefined ? [] : [{ row, column, value }]
    }),
  )
}

function drawSquare(
  pairs: readonly Pair[],
  { symbols, width }: { readonly symbols: readonly string[]; readonly width: number },
): Element {
  const room = (width - LABELS.left - 8) / Math.max(1, symbols.length)
  const size = Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, room))
  const isNumbered = size >= NUMBERED_CELL
  const place = { x: 'column', y: 'row' } as const
  return plot({
    width: LABELS.left + 8 + size * symbols.length,
    height: LABELS.top + 4 + size * symbols.length,
    marginLeft: LABELS.left,
    marginTop: LABELS.top,
    marginRight: 8,
    marginBottom: 4,
    style: PLOT_STYLE,
    x: { domain: symbols, padding: 0.04 },
    y: { domain: symbols, padding: 0.04 },
    color: { type: 'identity' },
    marks: [
      axisX({ anchor: 'top', tickSize: 0, tickRotate: -50, label: null, fill: 'currentColor' }),
      axisY({ tickSize: 0, label: null, fill: 'currentColor' }),
      cell(pairs, { ...place, fill: ({ value }: Pair) => colorOf(value), inset: 0.5 }),
      isNumbered
        ? text(pairs, { ...place, text: shortly, fill: inkOn, fontSize: 11 })
        : tip(pairs, {
            ...pointer(place),
            title: ({ row, column, value }: Pair) =>
              `${row} and ${column}: ${signedNumber(value, 2)}`,
            fontSize: 12,
            stroke: 'var(--line)',
          }),
    ],
  })
}

/** From the page's own surface at 0 to full colour at ±1, so that it suits light and dark. */
export function colorOf(correlation: number): string {
  const share = Math.round(100 * Math.min(1, Math.abs(correlation)))
  const full = correlation < 0 ? 'var(--heat-low)' : 'var(--heat-high)'
  return `color-mix(in oklab, ${full} ${share}%, var(--heat-none))`
}

function inkOn({ value }: Pair): string {
  return Math.abs(value) > 0.55 ? 'var(--heat-ink)' : 'var(--ink)'
}

/** `.53`, as there is no room for more; `1` on the diagonal. */
function shortly({ value }: Pair): string {
  return value > 0.995 ? '1' : number(value, 2).replace('0.', '.')
}
