/** Shown for a value that is not there. */
const ABSENT = '-'
const NUMERIC = /^[-+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[-+]?\d+)?%?$/i

/**
 * An ASCII table, one line a row. A column of numbers is aligned to the right; null and undefined
 * are `-`; a line break or control character inside a value is shown escaped.
 *
 * @param rows plain objects, their values text, numbers, booleans, dates or JSON
 * @param columns which properties, in this order (default: those of the first row)
 * @example
 * formatTable([{ phase: 'prices', processed: 512 }, { phase: 'factors', processed: 7 }])
 * // phase    processed
 * // -------  ---------
 * // prices         512
 * // factors          7
 */
export function formatTable(
  rows: readonly object[],
  columns: readonly string[] = Object.keys(rows[0] ?? {}),
): string {
  const texts = rows.map((row) => {
    const values = new Map<string, unknown>(Object.entries(row))
    return columns.map((column) => cellText(values.get(column)))
  })
  const layouts = columns.map((column, index) => {
    const cells = texts.map((row) => row[index] ?? ABSENT)
    const width = Math.max(column.length, ...cells.map((cell) => cell.length))
    const isNumeric = cells.every((cell) => cell === ABSENT || NUMERIC.test(cell))
    return { width, isNumeric: isNumeric && cells.some((cell) => cell !== ABSENT) }
  })
  const line = (cells: readonly string[]) =>
    layouts
      .map(({ width, isNumeric }, index) => {
        const cell = cells[index] ?? ''
        return isNumeric ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  const rule = layouts.map(({ width }) => '-'.repeat(width))
  return [columns, rule, ...texts].map((cells) => `${line(cells)}\n`).join('')
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return ABSENT
  if (value instanceof Date) return value.toISOString()
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.replace(
    /\p{Cc}/gu,
    (found) => `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}
